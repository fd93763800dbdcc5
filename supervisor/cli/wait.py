"""``overnight wait``: blocks until the batch is over and exits with its result."""

import time

from supervisor.cli import asking
from supervisor.cli.batches import SILENT_S, Entry, at_directory, chosen, comes_back
from supervisor.cli.plain_json import dumps, loads
from supervisor.cli.result import exit_code, words
from supervisor.cli.words import Args, CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Args) -> int:
    """Wait for the end, say what it was, and return the batch's exit code.

    Raises:
        CommandError: the engine went without an end of the batch.
    """
    entry = chosen(args, reads=True, word=args.first())
    body = _answer(entry)
    document: dict[str, Any] = loads(body) if body else asking.offline().status(entry)
    if args.on("json"):
        print(dumps(document))
    else:
        print(f"{document['batch']}: {words(document['counts'], classes_of(document))}")
    if not _is_over(document["state"], entry if body is None else None):
        raise CommandError(
            f"{entry.batch} is unfinished and no engine runs it:"
            f" overnight run {entry.source} goes on with it"
        )
    return exit_code(
        document["counts"],
        finished=document["state"] == "done",
        limited=bool(document["limits"]) or document.get("time_up", False),
        interrupted=document["state"] == "stopped" and not document.get("time_up", False),
    )


def _answer(entry: Entry) -> bytes | None:
    """Return what the engine says at the end; None: none runs any more."""
    silent_since: float | None = None
    while True:
        asked_at = time.monotonic()
        body = asking.live(entry, "/v1/wait", None)
        if silent_since is None or time.monotonic() - asked_at > SILENT_S:
            silent_since = time.monotonic()
        if body is not None or not entry.running or not comes_back(entry, silent_since):
            return body


def _is_over(state: str, entry: Entry | None) -> bool:
    """Return whether the batch ended: it is done, or was stopped rather than left by its engine."""
    if entry is None or state == "done":
        return state in ("done", "stopped")
    now = at_directory(entry.directory)
    return now is not None and now.ended == "stopped"


def classes_of(document: "dict[str, Any]") -> dict[str, int]:
    """Return how many tasks failed with each error class."""
    found: dict[str, int] = {}
    for task in document["tasks"]:
        if task["phase"] == "failed":
            found[task["class"]] = found.get(task["class"], 0) + 1
    return found
