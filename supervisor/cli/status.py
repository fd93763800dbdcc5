"""``overnight status``: at most 20 lines of 60 columns that begin with what needs you."""

import sys

from supervisor.cli import asking
from supervisor.cli.batches import Entry, chosen
from supervisor.cli.plain_json import dumps, loads
from supervisor.cli.status_text import lines
from supervisor.cli.text import now
from supervisor.cli.words import Args


def run(args: Args) -> int:
    """Print the status of a batch."""
    entry = chosen(args, reads=True, word=args.first())
    body = asking.live(entry, "/v1/status")
    if body and args.on("json"):
        print(body.decode())
        return 0
    document = loads(body) if body else asking.offline().status(entry)
    if args.on("json"):
        print(dumps(document))
        return 0
    note = "" if body else _not_running(entry)
    for line in lines(document, now(), note, bold=sys.stdout.isatty()):
        print(line)
    return 0


def _not_running(entry: Entry) -> str:
    """Say that no engine runs, and whether tasks of the batch still do."""
    alive: int = asking.offline().living(entry)
    if alive:
        return f"engine not running; alive: {alive} (overnight run takes over)"
    return "engine not running"
