"""``overnight attach``: the screen of a running batch; without a terminal, plain lines."""

import os

from supervisor.cli.batches import Entry, running
from supervisor.cli.confirm import on_terminal
from supervisor.cli.follow import follow
from supervisor.cli.orders import who
from supervisor.cli.text import now
from supervisor.cli.words import Args
from supervisor.config.data import folders
from supervisor.config.themes import load_themes
from supervisor.ipc.client import SocketEngine
from supervisor.tui.app import OvernightApp
from supervisor.tui.theme import theme_spec

_THEME = "night"


def run(args: Args) -> int:
    """Open the screen; leaving it exits 0 and says that the batch runs on."""
    entry = running(args, args.first())
    if not on_terminal():
        return follow(entry, watching=True)
    return screen(entry, read_only=args.on("read-only"))


def screen(entry: Entry, *, read_only: bool = False) -> int:
    """Show the screen of ``entry`` until it is left."""
    themes = {
        name: theme_spec(name, document)
        for name, document in load_themes(folders("themes", os.environ)).items()
    }
    OvernightApp(
        SocketEngine(entry.socket),
        themes=themes,
        theme=os.environ.get("OVERNIGHT_THEME", _THEME),
        now=now,
        who=who(),
        read_only=read_only,
    ).run()
    return 0
