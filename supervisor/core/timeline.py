"""A picture of the night: how many attempts ran when, what held, what ended, and what was decided."""

from collections.abc import Iterable, Iterator, Sequence

from supervisor.core.batch import Holding, Task
from supervisor.core.costs import costs
from supervisor.core.night import Event, Slice, Stretch, Timeline
from supervisor.core.phase import Frozen, Running, Starting, Unreachable
from supervisor.core.redact import redact
from supervisor.core.state import Batch

INCIDENTS = (
    "aborted",
    "add",
    "breaker",
    "cancelled",
    "clock",
    "containers",
    "degrade",
    "disk",
    "edit",
    "fail_fast",
    "first",
    "freeze",
    "gpu",
    "hold",
    "hours",
    "inner",
    "page",
    "parallel",
    "pause",
    "preflight",
    "probe",
    "ramp",
    "reach",
    "refresh",
    "release",
    "reload",
    "resume",
    "retry",
    "stale",
    "stall",
    "stop",
    "thaw",
)
"""Kinds of decisions worth a line of the night's story; launches and ends of attempts are counted."""

_ALIVE = (Starting, Running, Frozen, Unreachable)
_LEAST_S = 60.0
"""A night shorter than this is drawn as if it had lasted so long."""


def timeline(batch: Batch, events: Sequence[Event], now: float, slices: int) -> Timeline:
    """Return the night as of ``now``, cut into ``slices`` equal parts.

    ``events`` are decisions in their order; those that are incidents are kept.
    """
    begin = batch.desk.started_at
    as_of = batch.desk.ended_at or now
    end = max(as_of, begin + _LEAST_S)
    return Timeline(
        begin=begin,
        end=end,
        as_of=as_of,
        slices=_slices(batch.tasks.values(), begin, end, as_of, max(1, slices)),
        stretches=tuple(_stretches(batch, events, begin)),
        events=tuple(
            Event(at=one.at, kind=one.kind, subject=one.subject, text=redact(one.text))
            for one in events
            if one.kind in INCIDENTS
        ),
        costs=costs(batch, now),
    )


def _slices(
    tasks: Iterable[Task], begin: float, end: float, as_of: float, count: int
) -> tuple[Slice, ...]:
    width = (end - begin) / count
    busy, good, bad = [0.0] * count, [0] * count, [0] * count

    def ran(since: float, until: float) -> None:
        first, last = _place(since), _place(until)
        for at in range(first, last + 1):
            low, high = begin + at * width, begin + (at + 1) * width
            busy[at] += max(0.0, min(until, high) - max(since, low))

    def _place(moment: float) -> int:
        return min(count - 1, max(0, int((moment - begin) / width)))

    for task in tasks:
        for record in task.history:
            if record.ended_at < begin:
                continue
            ran(record.started_at, record.ended_at)
            (good if record.error_class is None else bad)[_place(record.ended_at)] += 1
        if isinstance(task.phase, _ALIVE):
            ran(task.phase.since, as_of)
    return tuple(
        Slice(running=round(spent / width, 3), good=fine, bad=sad)
        for spent, fine, sad in zip(busy, good, bad, strict=True)
    )


def _stretches(batch: Batch, events: Iterable[Event], begin: float) -> Iterator[Stretch]:
    """Yield when each limit held; what is still open ends when the limit says so."""
    opened: dict[str, Event] = {}
    for event in events:
        if event.subject not in batch.limits:
            continue
        if event.kind == "hold":
            opened.setdefault(event.subject, event)
        elif event.kind == "release" and (first := opened.pop(event.subject, None)) is not None:
            yield Stretch(
                limit=first.subject, since=first.at, until=event.at, reason=redact(first.text)
            )
    for limit in batch.limits.values():
        if isinstance(limit.phase, Holding):
            # Its beginning may be among the decisions that were too old to be asked for.
            since = opened[limit.name].at if limit.name in opened else limit.phase.since
            yield Stretch(
                limit=limit.name,
                since=max(begin, since),
                until=None,
                reason=redact(limit.phase.reason),
            )
