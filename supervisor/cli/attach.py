"""``overnight attach``: the screen of a running batch; without a terminal, plain lines."""

import gc
import os
import shlex

from supervisor.cli.batches import Entry, at_directory, is_still_running, running
from supervisor.cli.confirm import on_terminal
from supervisor.cli.person import who
from supervisor.cli.text import now
from supervisor.cli.words import Args


def run(args: Args) -> int:
    """Open the screen; leaving it exits 0 and says that the batch runs on."""
    entry = running(args, args.first())
    if on_terminal():
        return screen(entry, read_only=args.on("read-only"))
    from supervisor.cli.follow import follow

    return follow(entry, watching=True)


def _another(entry: Entry) -> str:
    """Return the command that begins another engine; empty while one lives."""
    now = at_directory(entry.directory)
    if now is not None and is_still_running(now):
        return ""
    return f"overnight run {shlex.quote(entry.source)}"


def screen(entry: Entry, *, read_only: bool = False) -> int:
    """Show the screen of ``entry`` until it is left."""
    gc.disable()  # nothing that is loaded before the first picture is garbage; the app goes on
    from pathlib import Path

    from supervisor.cli.looks import looks
    from supervisor.ipc.client import SocketEngine
    from supervisor.tui.app import OvernightApp

    mine = looks(os.environ, Path.home())
    app = OvernightApp(
        SocketEngine(entry.socket, lambda: _another(entry)),
        themes=mine.themes,
        theme=mine.theme,
        now=now,
        who=who(),
        read_only=read_only,
        settings=mine.settings,
        glyphs=mine.glyphs,
    )
    app.run()
    return app.return_code or 0
