"""``overnight containers``: who works, who idles, whose work is dead; without a batch, all there are."""

import os
import sys

from supervisor.cli import asking
from supervisor.cli.batches import Entry, chosen, known
from supervisor.cli.containers_text import lines
from supervisor.cli.plain_json import dumps, loads
from supervisor.cli.words import Args, CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NARROWEST, _WIDEST = 60, 140


def run(args: Args) -> int:
    """Print the containers of the running batch, or of the whole machine.

    Raises:
        CommandError: the batch that was named does not run, or no container engine answers.
    """
    entry = None if args.on("machine") else _running(args)
    documents = _of_batch(entry) if entry is not None else _of_machine()
    if args.on("json"):
        print(dumps(documents))
        return 0
    for line in lines(documents, _width(), batch=entry.batch if entry is not None else None):
        print(line)
    return 0


def _running(args: Args) -> Entry | None:
    """Return the batch that is meant if it runs: the one named, the one here, else the only one."""
    if not args.text("batch") and not any(entry.running for entry in known()):
        return None
    try:
        entry = chosen(args, reads=True)
    except CommandError:
        if args.text("batch"):
            raise
        return None
    if entry.running:
        return entry
    if args.text("batch"):
        raise CommandError(
            f"{entry.batch} does not run; overnight containers --machine judges all there are"
        )
    return None


def _of_batch(entry: Entry) -> "list[dict[str, Any]]":
    body = asking.live(entry, "/v1/containers")
    if body is None:
        raise CommandError(f"{entry.batch} has just ended")
    documents: list[dict[str, Any]] = loads(body)
    return documents


def _of_machine() -> "list[dict[str, Any]]":
    from supervisor.bootstrap import survey_machine
    from supervisor.cli.slow import guarded

    found: list[dict[str, Any]] = []

    def ask() -> int:
        found.extend(survey_machine([(entry.uuid, entry.directory) for entry in known()]))
        return 0

    guarded(ask)
    return found


def _width() -> int:
    if not sys.stdout.isatty():
        return _WIDEST
    try:
        columns = os.get_terminal_size().columns
    except OSError:
        columns = _NARROWEST
    return min(_WIDEST, max(_NARROWEST, columns))
