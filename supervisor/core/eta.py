"""How long the rest of a batch will take, as far as anybody can know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from supervisor.core import gpus
from supervisor.core.batch import Holding
from supervisor.core.facets import Counts
from supervisor.core.models import GroupId, LimitId, TaskId
from supervisor.core.pace import Pace
from supervisor.core.state import Batch

Paces = Mapping[TaskId, Pace]
NO_PACES: Paces = MappingProxyType({})


def left_s(batch: Batch, now: float, paces: Paces = NO_PACES) -> float | None:
    """Guess the seconds left from how long attempts took so far, and what living ones say.

    Groups run side by side, under one cap, and what waits for a limit or for the hours to open
    begins after that. None while nobody's time is known, and where a person or a GPU must come first.
    """
    said = _said(batch, now, paces)
    mean_s = _mean_s(batch, said)
    starts_s = _starts_s(batch, now)
    if mean_s is None or starts_s is None:
        return None
    rests_s = (pace.rests_until - now for _, pace in _living(batch, paces))
    longest_s = max((*(one.left_s for one in said), *rests_s), default=0.0)
    work_s = 0.0
    for name, counts in batch.counts.items():
        done, took_ms = batch.spent[name]
        own = [one for one in said if one.group == name]
        guess_s = sum(one.whole_s for one in own) / len(own) if own else mean_s
        each_s = took_ms / done / 1000 if done else guess_s
        group_s = each_s * (_left(counts) - len(own) / 2) + sum(one.left_s for one in own)
        wait_s = max((starts_s.get(limit, 0.0) for limit in _limits(batch, name)), default=0.0)
        longest_s = max(longest_s, wait_s + group_s / batch.groups[name].parallel)
        work_s += group_s
    held_s = max((wait_s + mean_s for wait_s in starts_s.values()), default=0.0)
    capped_s = work_s / batch.desk.parallel if batch.desk.parallel else 0.0
    opens_at = batch.desk.opens_at
    return max(longest_s, held_s, capped_s) + (max(0.0, opens_at - now) if opens_at else 0.0)


@dataclass(frozen=True, slots=True)
class _Said:
    """What one living attempt tells about its time."""

    group: GroupId
    left_s: float
    whole_s: float


def _said(batch: Batch, now: float, paces: Paces) -> list[_Said]:
    found: list[_Said] = []
    for id_, pace in _living(batch, paces):
        left_s, whole_s = pace.left_s(now), pace.whole_s
        if left_s is not None and whole_s is not None:
            found.append(_Said(batch.specs[id_].group, left_s, whole_s))
    return found


def _living(batch: Batch, paces: Paces) -> Iterator[tuple[TaskId, Pace]]:
    for _, id_ in batch.live if paces else ():
        pace = paces.get(id_)
        if pace is not None and batch.tasks[id_].attempt == pace.attempt:
            yield id_, pace


def _mean_s(batch: Batch, said: Sequence[_Said]) -> float | None:
    """Return how long an attempt takes: as those that ended did, else as living ones say."""
    count = sum(one[0] for one in batch.spent.values())
    if count:
        return sum(one[1] for one in batch.spent.values()) / count / 1000
    return sum(one.whole_s for one in said) / len(said) if said else None


def _starts_s(batch: Batch, now: float) -> dict[LimitId, float] | None:
    """Return how long the limits that something waits for hold yet; None: nobody knows."""
    found: dict[LimitId, float] = {}
    waited_for = {name for name in batch.limits if batch.held[name]}
    for group in batch.groups:
        if not _goes_on(batch, group):
            return None
        waited_for |= _limits(batch, group)
    for name in waited_for:
        phase = batch.limits[name].phase
        if not isinstance(phase, Holding) or phase.refreshing:
            continue
        if phase.until is None:
            return None
        found[name] = max(0.0, phase.until - now)
    return found


def _goes_on(batch: Batch, name: GroupId) -> bool:
    """Whether the group gets on without a person, and without a GPU that nobody has given back."""
    lanes = batch.ready[name]
    if not lanes:
        return True
    stuck = not batch.slots[name] and not any(gpus.admits(batch, lane.gpus) for lane in lanes)
    return not batch.groups[name].paused and not stuck


def _limits(batch: Batch, name: GroupId) -> set[LimitId]:
    return {limit for lane in batch.ready[name] for limit in lane.limits}


def _left(counts: Counts) -> float:
    live = counts["running"] + counts["starting"] + counts["frozen"] + counts["unreachable"]
    return counts["waiting"] + counts["backing_off"] + counts["held"] + live / 2
