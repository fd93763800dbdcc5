"""``overnight ls``: the batches of this machine."""

import json

from supervisor.cli import asking
from supervisor.cli.batches import Entry, known
from supervisor.cli.text import cleaned, clock, now, padded
from supervisor.cli.words import Args, CommandError

_PATIENCE_S = 2.0

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Args) -> int:
    """List every batch known on this machine, the latest first."""
    documents = [_document(entry) for entry in known()]
    if args.on("json"):
        print(json.dumps(documents))
        return 0
    if not documents:
        print("no batch yet; overnight run FILE starts one")
        return 0
    print(f"{'BATCH':<24} {'STATE':<12} {'DONE':>11} {'FAILED':>6}  STARTED  FILE")
    for one in documents:
        print(_line(one, now()))
    return 0


def _document(entry: Entry) -> "dict[str, Any]":
    counts, state = {}, _state(entry)
    if entry.running:
        try:
            body = asking.live(entry, "/v1/status", _PATIENCE_S)
            if body:
                status = json.loads(body)
                counts, state = status["counts"], status["state"]
        except CommandError:
            state = "silent"
    return {
        "batch": entry.batch,
        "state": state,
        "running": entry.running,
        "counts": counts,
        "pid": entry.pid if entry.running else None,
        "started_at": entry.started_at,
        "ended_at": entry.ended_at,
        "directory": entry.directory,
        "source": entry.source,
        "uuid": entry.uuid,
        "host": entry.host,
    }


def _state(entry: Entry) -> str:
    """Return how the batch's last engine ended; it died when it did not say."""
    if entry.ended:
        return str(entry.ended)
    return "died"


def _line(one: "dict[str, Any]", at: float) -> str:
    counts = one["counts"]
    done = f"{counts['succeeded']}/{sum(counts.values())}" if counts else ""
    bad = counts["failed"] + counts["aborted"] if counts else ""
    started = clock(one["started_at"], at)
    name, state = padded(cleaned(one["batch"]), 24), padded(one["state"], 12)
    return f"{name} {state} {done:>11} {bad:>6}  {started:<7}  {cleaned(one['source'])}"
