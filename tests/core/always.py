"""What must hold after every step of any history."""

from collections import Counter
from collections.abc import Collection, Iterable

from supervisor.core import inner
from supervisor.core.advice import advice
from supervisor.core.batch import Checking, HalfOpen, Holding, Open, Probing, Rows
from supervisor.core.blocks import task_reasons
from supervisor.core.codec import dumps, loads
from supervisor.core.effects import Effect, StartAttempt
from supervisor.core.facets import LIVE
from supervisor.core.ladder import settings
from supervisor.core.models import GroupId, LimitId
from supervisor.core.phase import Aborted, BackingOff, Held, Waiting
from supervisor.core.policy import budget, most_launches
from supervisor.core.rungs import rungs_of
from supervisor.core.scheduling import next_in_line
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.weights import fits_group


def holds_end(
    batch: Batch,
    now: float,
    refreshing: Collection[LimitId],
    checking: Collection[LimitId] = (),
) -> None:
    """No hold without an end, a command under way, or an operator who is asked to release it."""
    for limit in batch.limits.values():
        match limit.phase:
            case Holding(needs_operator=True):
                pass
            case Holding(refreshing=True) | Checking(step="refresh"):
                assert limit.name in refreshing, limit
            case Checking():
                assert limit.name in checking, limit
            case Holding(until=until):
                assert until is not None, limit
                assert until > now, limit
                assert (until, "limit", limit.name) in batch.deadlines
            case Probing(probe=str() as probe):
                assert isinstance(batch.tasks[probe].phase, LIVE), f"nobody tries {limit} out"
            case _:
                pass


def breakers_end(batch: Batch) -> None:
    """A breaker that lets nothing through has a time, a living probe, or an operator to reset it."""
    breakers = [
        (group, breaker)
        for group in batch.groups.values()
        for breaker in (group.breaker, *(part.breaker for part in group.parts.values()))
    ]
    for group, breaker in breakers:
        match breaker:
            case Open(probe_at=(float() | int()) as at):
                assert (at, "group", group.name) in batch.deadlines
            case HalfOpen(probe=str() as probe):
                assert isinstance(batch.tasks[probe].phase, LIVE), f"nobody tries {group} out"
            case _:
                pass


def waits_are_known(batch: Batch, now: float) -> None:
    """Every task at rest has a wakeup or a reason with a name."""
    for id_, task in batch.tasks.items():
        match task.phase:
            case _ if task.skipped:
                pass
            case BackingOff(restart_at=at) | Waiting(not_before=(float() | int()) as at):
                assert (at, "task", id_) in batch.deadlines, task
            case Held(limit=name):
                assert isinstance(batch.limits[name].phase, Holding), task
            case Waiting():
                over = batch.desk.ended_at is not None
                assert over or task_reasons(batch, id_, now), task
            case _:
                pass


def budgets_are_kept(batch: Batch) -> None:
    """No task uses up more attempts than its class allows, or waits more often than it may."""
    for id_, task in batch.tasks.items():
        group = batch.group_specs[batch.specs[id_].group]
        classes = {one.error_class for one in task.history if one.error_class is not None}
        most = max((budget(group, one) for one in classes), default=0)
        assert task.failures <= most, task
        assert task.waits <= group.give_up.holds + 1, task
        assert task.launches <= most_launches(group), task


def ladders_end(batch: Batch) -> None:
    """A living attempt runs on a rung of its ladder, and what a group remembers of steps is bounded."""
    for id_, task in batch.tasks.items():
        policy = batch.group_specs[batch.specs[id_].group].degrade
        if policy is None:
            continue
        if isinstance(task.phase, LIVE):
            knobs, env = settings(batch, id_)
            assert policy.least <= int(knobs[policy.knob]) <= policy.start
            assert env in ({}, policy.env)
        group = batch.groups[batch.specs[id_].group]
        assert len(group.stepped) <= len(rungs_of(policy)) * len(batch.tasks)


def knobs_stay_in_their_ranges(batch: Batch, telling: Collection[tuple[str, int, int]]) -> None:
    """What nobody fixed stays within its range; who runs with another value is being told, or asked for."""
    for name, group in batch.groups.items():
        spec, following = batch.group_specs[name], group.following
        if spec.parallel_least is not None and not following.fixed:
            assert spec.parallel_least <= group.parallel <= spec.parallel, group
        for at in (following.rises_at, following.forgotten_at):
            assert at is None or (at, "group", name) in batch.deadlines
        inside = group.inner
        if spec.inner is None or inside is None:
            continue
        if not inside.fixed and spec.inner.apply != "restart":
            assert spec.inner.least <= inside.value <= spec.inner.start, group
        for id_ in inner.behind(batch, name):
            told = (id_, batch.tasks[id_].attempt, inside.value) in telling
            asked = any(one.group == name for one in advice(batch, 0.0))
            assert told or inside.trouble or (asked and spec.inner.apply == "restart"), id_


def rows_tell_all(batch: Batch) -> None:
    """What is written down makes the same batch again."""
    rows = loads(Rows, dumps(all_rows(batch), Rows))
    assert assemble(spec_of(batch), rows) == batch


def counters_are_kept(before: Rows, batch: Batch, *, again: bool) -> None:
    """A new engine forgets no attempt; unless some were to run ``again``, no count and no deadline."""
    for id_, old in before.tasks.items():
        task = batch.tasks[id_]
        assert (task.history, task.attempt) == (old.history, old.attempt)
        if again or isinstance(task.phase, Aborted):
            continue
        counts = (task.failures, task.waits, task.waited_s, task.launches, task.losses)
        assert counts == (old.failures, old.waits, old.waited_s, old.launches, old.losses), task
        if isinstance(old.phase, BackingOff | Held):
            assert task.phase == old.phase, "its deadline was lost"


class Turns:
    """Watches that no group that could launch is passed over more often than there are groups."""

    def __init__(self) -> None:
        self._passed: Counter[GroupId] = Counter()

    def after(self, before: Batch, effects: Iterable[Effect], batch: Batch, now: float) -> None:
        """Take in one step."""
        launched = [batch.specs[one.task].group for one in effects if isinstance(one, StartAttempt)]
        could = {
            name
            for name in batch.groups
            if name in before.groups and _could(before, name, now) and _could(batch, name, now)
        }
        order = {name: spec.order for name, spec in batch.group_specs.items()}
        for name in batch.groups:
            if name in launched or name not in could:
                self._passed[name] = 0
                continue
            assert all(order[one] <= order[name] for one in launched), f"{name} comes first"
            self._passed[name] += sum(order[one] == order[name] for one in launched)
            assert self._passed[name] <= len(batch.groups), f"{name} starves"


def _could(batch: Batch, name: GroupId, now: float) -> bool:
    """Whether only the cap over all groups keeps the group from launching."""
    id_ = next_in_line(batch, name, now)
    return id_ is not None and fits_group(batch, id_)
