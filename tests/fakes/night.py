"""Small batches, and scripts of event and effects to play on them."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from supervisor.core.batch import Rows
from supervisor.core.effects import Effect, Record, Reply, StartAttempt, StopAttempt
from supervisor.core.events import Ended, Event, Started, Tick, Wanted
from supervisor.core.intents import Intent
from supervisor.core.models import (
    BatchSpec,
    Detection,
    End,
    ErrorClass,
    GroupId,
    GroupSpec,
    LimitId,
    LimitSpec,
    RetryPolicy,
    TaskId,
    TaskSpec,
)
from supervisor.core.state import Batch, all_rows, assemble, fresh, spec_of
from supervisor.core.step import step

STEADY = RetryPolicy(attempts=4, base_s=30, factor=2, cap_s=300, jitter_low_s=0, jitter_high_s=0)
"""No jitter: the waits are round numbers."""
UUID = "0" * 32

Line = tuple[Event, float, Sequence[Effect]]


def group(name: str = "g", **policy: object) -> GroupSpec:
    """A group that runs up to 4 at once, without jitter."""
    return replace(GroupSpec(name=GroupId(name), retry=STEADY), **policy)  # type: ignore[arg-type]


def task(id_: str, **fields: object) -> TaskSpec:
    """A task of the group before the slash, under the limit of the group's name."""
    name = id_.partition("/")[0]
    spec = TaskSpec(
        id=TaskId(id_),
        group=GroupId(name),
        run=f"run {id_}",
        cwd="/home/eva",
        limits=(LimitId(name),),
    )
    return replace(spec, **fields)  # type: ignore[arg-type]


def batch_spec(
    tasks: Iterable[TaskSpec | str],
    groups: Iterable[GroupSpec] = (),
    limits: Iterable[LimitSpec] = (),
    **head: object,
) -> BatchSpec:
    """A batch of these tasks; groups and limits that are not given are plain ones."""
    specs = [one if isinstance(one, TaskSpec) else task(one) for one in tasks]
    given = {one.name: one for one in groups}
    known = {one.name: one for one in limits}
    for one in specs:
        given.setdefault(one.group, group(one.group))
        for name in one.limits:
            known.setdefault(name, LimitSpec(name=name))
    spec = BatchSpec(
        name="night",
        directory="/home/eva/.overnight/night",
        source="/home/eva/night.yaml",
        groups=tuple(given.values()),
        limits=tuple(known.values()),
        tasks=tuple(replace(one, index=index) for index, one in enumerate(specs)),
    )
    return replace(spec, **head)  # type: ignore[arg-type]


def begun(
    tasks: Iterable[TaskSpec | str],
    groups: Iterable[GroupSpec] = (),
    limits: Iterable[LimitSpec] = (),
    **head: object,
) -> Batch:
    """The batch after its first tick, at 0."""
    return after(fresh(batch_spec(tasks, groups, limits, **head), UUID, 0.0), (Tick(), 0.0))


def after(batch: Batch, *events: tuple[Event, float]) -> Batch:
    """The batch after these events; its indexes are compared with new ones each time."""
    for event, now in events:
        batch, _ = step(batch, event, now)
        check_indexes(batch)
    return batch


def orders(batch: Batch, event: Event, now: float) -> tuple[Batch, list[Effect]]:
    """The batch after ``event``, and what is to be done, without records."""
    batch, effects = step(batch, event, now)
    check_indexes(batch)
    return batch, [one for one in effects if not isinstance(one, Record)]


def play(batch: Batch, *lines: Line) -> Batch:
    """Play a script: after each event exactly these effects, records apart."""
    for number, (event, now, expected) in enumerate(lines, 1):
        batch, effects = orders(batch, event, now)
        assert effects == list(expected), f"line {number}: {event}"
    return batch


def asked(batch: Batch, intent: Intent, now: float) -> tuple[Batch, str, bool]:
    """The batch after an intent, what was replied, and whether it was refused."""
    batch, effects = step(batch, Wanted(intent=intent, who="ann"), now)
    check_indexes(batch)
    replies = [one for one in effects if isinstance(one, Reply)]
    assert replies, f"no answer to {intent}"
    return batch, "; ".join(one.text for one in replies), any(one.refused for one in replies)


def check_indexes(batch: Batch) -> None:
    """The indexes are what a new batch of the same rows would have."""
    again = assemble(spec_of(batch), all_rows(batch))
    assert again == batch
    assert {entry[2] for entry in again.turns} == {entry[2] for entry in batch.turns}


def started(id_: str, attempt: int, now: float) -> Started:
    """The attempt is alive."""
    return Started(task=TaskId(id_), attempt=attempt, started_at=now, pid=100)


def ended(id_: str, attempt: int, now: float, code: int | None = 0, **end: object) -> Ended:
    """The attempt is over."""
    over = replace(End(code=code, ended_at=now), **end)  # type: ignore[arg-type]
    return Ended(task=TaskId(id_), attempt=attempt, end=over)


def failed(
    id_: str,
    attempt: int,
    now: float,
    error_class: ErrorClass = ErrorClass.SERVER_ERROR,
    *,
    retry_at: float | None = None,
    cause: str = "it said so",
) -> Ended:
    """The attempt failed, and a strong line in its stderr says why."""
    found = Detection(
        rule="test",
        error_class=error_class,
        line=cause,
        stream="stderr",
        strong=True,
        written_at=now,
        retry_at=retry_at,
    )
    return ended(id_, attempt, now, code=1, detections=(found,))


def start(id_: str, attempt: int = 1, slot: int = 1) -> StartAttempt:
    """The order to launch."""
    return StartAttempt(task=TaskId(id_), attempt=attempt, slot=slot)


def stop(id_: str, attempt: int, reason: str) -> StopAttempt:
    """The order to stop."""
    return StopAttempt(task=TaskId(id_), attempt=attempt, grace_s=10.0, reason=reason)


def rows_of(batch: Batch) -> Rows:
    """Every row."""
    return all_rows(batch)
