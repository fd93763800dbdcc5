"""What documents and the report say about a runner's own words."""

from collections.abc import Iterable, Sequence
from typing import Any

from supervisor.core.batch import Task
from supervisor.core.state import Batch
from supervisor.core.told import Told, usage

Document = dict[str, Any]

_LISTED = 200


def said(told: Told | None) -> Document | None:
    """Return what ``status --json`` says of a runner's marks; None: it made none."""
    if told is None:
        return None
    wait = told.wait
    return {
        "item": told.item or None,
        "done": told.done,
        "items_failed": told.errors,
        "waiting_until": None if wait is None else wait.until,
        "waiting_for": None if wait is None else wait.why,
        "requests": told.requests,
        "tokens_in": told.tokens_in,
        "tokens_out": told.tokens_out,
        "cost_usd": round(told.cost, 6),
        "malformed": told.malformed,
    }


def items(told: Told | None) -> Document:
    """Return the fields of a failed task about the items inside it that failed."""
    failed = () if told is None else told.failed
    return {
        "items_failed": 0 if told is None else told.errors,
        "items": [{"item": one.id, "class": one.error_class, "error": one.text} for one in failed],
    }


def item_rows(tasks: Iterable[Task]) -> tuple[list[Sequence[object]], int]:
    """Return rows of the report about failed items, the first 200, and how many there are in all."""
    rows: list[Sequence[object]] = []
    count = 0
    for task in tasks:
        told = task.history[-1].told if task.history else None
        if told is None or not told.errors:
            continue
        count += told.errors
        shown = told.failed[: max(0, _LISTED - len(rows))]
        rows += [(task.id, one.id, one.error_class, one.text) for one in shown]
    return rows, count


def usage_rows(batch: Batch) -> list[Sequence[object]]:
    """Return a row of the report for each group that said what it used: over all of its attempts."""
    totals: dict[str, Told] = {}
    for task in batch.tasks.values():
        for record in task.history:
            if record.told is not None:
                group = batch.specs[task.id].group
                totals[group] = _sum(totals.get(group, Told()), record.told)
    return [(group, used) for group, told in totals.items() if (used := usage(told))]


def _sum(one: Told, other: Told) -> Told:
    return Told(
        requests=one.requests + other.requests,
        tokens_in=one.tokens_in + other.tokens_in,
        tokens_out=one.tokens_out + other.tokens_out,
        cost=one.cost + other.cost,
    )
