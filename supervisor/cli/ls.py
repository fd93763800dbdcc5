"""``overnight ls``: the batches of this machine."""

from supervisor.cli import asking, disk
from supervisor.cli.batches import Entry, known
from supervisor.cli.plain_json import dumps, is_object, loads
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
        print(dumps(documents))
        return 0
    if not documents:
        print("no batch yet; overnight run FILE starts one")
        return 0
    print(f"{'BATCH':<24} {'STATE':<12} {'DONE':>11} {'FAILED':>6}  STARTED  FILE")
    for one in documents:
        print(_line(one, now()))
    return 0


def _document(entry: Entry) -> "dict[str, Any]":
    counts, state = _now(entry) if entry.running else _last(entry)
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


def _now(entry: Entry) -> "tuple[dict[str, int], str]":
    """Return the counts and the state that the engine tells."""
    try:
        body = asking.live(entry, "/v1/status", _PATIENCE_S)
    except CommandError:
        return {}, "silent"
    if body is None:
        return _last(entry)
    status = loads(body)
    return status["counts"], status["state"]


def _last(entry: Entry) -> "tuple[dict[str, Any], str]":
    """Return the counts of the last summary, and how the engine ended: it died if it did not say."""
    summary = disk.facts(f"{entry.directory}/batch_summary.json") or {}
    counts = summary.get("counts")
    return counts if is_object(counts) else {}, str(entry.ended or "died")


def _line(one: "dict[str, Any]", at: float) -> str:
    counts = one["counts"]
    done = f"{counts['succeeded']}/{sum(counts.values())}" if counts else ""
    bad = counts["failed"] + counts["aborted"] if counts else ""
    started = clock(one["started_at"], at)
    name, state = padded(cleaned(one["batch"]), 24), padded(one["state"], 12)
    return f"{name} {state} {done:>11} {bad:>6}  {started:<7}  {cleaned(one['source'])}"
