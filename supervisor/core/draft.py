"""One step in the making: the batch as it becomes, with its indexes, and the effects so far."""

from dataclasses import replace

from typing_extensions import override

from supervisor.core import facets
from supervisor.core.batch import Desk, Group, Limit, Task
from supervisor.core.effects import Effect, Record, Reply
from supervisor.core.facets import Facets
from supervisor.core.indexed import Indexed
from supervisor.core.indexes import met_by_task
from supervisor.core.models import GroupId, GroupSpec, LimitSpec, TaskId, TaskSpec
from supervisor.core.need import met_by, need_of
from supervisor.core.phase import ALLOWED
from supervisor.core.state import Batch
from supervisor.core.table import Ordered


class IllegalMoveError(Exception):
    """A handler tried a move that the table of phases does not list: a bug, not bad luck."""


class Draft(Indexed):
    """A batch that changes for the length of one step. Never kept, never shared."""

    __slots__ = ("_before", "effects", "now", "touched")

    def __init__(self, batch: Batch, now: float) -> None:
        super().__init__(batch)
        self._before = batch
        self.now = now
        self.effects: list[Effect] = []
        self.touched: set[tuple[str, str]] = set()
        """Kind and name of the rows that changed, tasks apart."""

    @override
    def batch(self) -> Batch:
        """Return the batch as it is now; the very one this began with if nothing changed."""
        if not self.changed and self.settled is self._before.settled:
            return self._before
        return super().batch()

    def reply(self, text: str, *, refused: bool = False) -> None:
        """Tell the operator whose intent is taken in."""
        self.effects.append(Reply(text=text, refused=refused))

    def record(self, kind: str, subject: str, text: str) -> None:
        """Write down a decision and its reason."""
        self.effects.append(Record(kind=kind, subject=subject, text=text))

    def policy(self, task: TaskId) -> GroupSpec:
        """Return the policy of the task's group."""
        return self.group_specs[self.specs[task].group]

    def put_desk(self, desk: Desk) -> None:
        """Take over a changed row of the batch itself."""
        self._reschedule(facets.of_desk(self.desk), facets.of_desk(desk))
        self.desk = desk
        self.changed = True
        self.touched.add(("desk", ""))

    def count(self) -> None:
        """Give the state a new number; nothing else depends on that one."""
        self.desk = replace(self.desk, seq=self.desk.seq + 1)
        self.changed = True

    def put_group(self, group: Group) -> None:
        """Take over a changed row of a group."""
        self._reschedule(facets.of_group(self.groups[group.name]), facets.of_group(group))
        self.groups = self.groups.with_(group.name, group)
        self.changed = True
        self.touched.add(("group", group.name))

    def put_limit(self, limit: Limit) -> None:
        """Take over a changed row of a limit."""
        self._reschedule(facets.of_limit(self.limits[limit.name]), facets.of_limit(limit))
        self.limits = self.limits.with_(limit.name, limit)
        self.changed = True
        self.touched.add(("limit", limit.name))

    def put(self, task: Task) -> None:
        """Take over a changed row of a task.

        Raises:
            IllegalMoveError: its phase may not follow the one it had.
        """
        old = self.tasks[task.id]
        before, after = type(old.phase), type(task.phase)
        if before is not after and after not in ALLOWED[before]:
            raise IllegalMoveError(f"{task.id}: {old.phase} -> {task.phase}")
        spec = self.specs[task.id]
        had, has = facets.of_task(old, spec), facets.of_task(task, spec)
        counts = self.counts[spec.group]
        self.tasks = self.tasks.with_(task.id, task)
        self.changed = True
        self._reindex(spec, had, has)
        if task.history is not old.history:
            self._add_spent(spec.group, task, len(old.history))
        if had.word != has.word or had.succeeded != has.succeeded:
            self._news_for_dependents(spec, had, has, counts)

    def put_spec(self, spec: TaskSpec) -> None:
        """Take over another command for a task; its place, group, limits and needs stay."""
        self.specs = self.specs.with_(spec.id, spec)
        self.changed = True

    def admit(self, spec: TaskSpec, task: Task) -> None:
        """Take in a task that comes after all others; its group and limits are there already."""
        self.specs = self.specs.with_(spec.id, spec)
        self.tasks = self.tasks.with_(spec.id, task)
        self.changed = True
        for text in spec.needs:
            self._watch(text, spec.id)
        if spec.needs:
            self.unmet = self.unmet.with_(
                spec.id, sum(not self.need_met(text) for text in spec.needs)
            )
        nothing = Facets(None, False, None, (), None, None, False, False)
        before = self.counts[spec.group]
        self._reindex(spec, nothing, facets.of_task(task, spec))
        self._news_of_group(spec.group, before)

    def admit_group(self, spec: GroupSpec) -> None:
        """Take in a group that comes after all others."""
        name = spec.name
        self.group_specs = self.group_specs.with_(name, spec)
        self.groups = self.groups.with_(name, Group(name=name, parallel=spec.parallel))
        self.ready = self.ready.with_(name, {})
        self.counts = self.counts.with_(name, facets.NO_COUNTS)
        self.slots = self.slots.with_(name, 0)
        self.used = self.used.with_(name, 0)
        self.open_in = self.open_in.with_(name, 0)
        self.spent = self.spent.with_(name, (0, 0))
        self.turn_of = self.turn_of.with_(name, self.turn)
        self.turn += 1
        self.changed = True

    def admit_limit(self, spec: LimitSpec) -> None:
        """Take in a limit that comes after all others."""
        self.limit_specs = self.limit_specs.with_(spec.name, spec)
        self.limits = self.limits.with_(spec.name, Limit(name=spec.name))
        self.live_by_limit = self.live_by_limit.with_(spec.name, 0)
        self.held = self.held.with_(spec.name, Ordered())
        self.changed = True

    def need_met(self, text: str) -> bool:
        """Tell whether a need is met."""
        need = need_of(text)
        task = self.tasks.get(TaskId(need.name))
        if task is not None:
            return met_by_task(need, facets.of_task(task, self.specs[task.id]))
        counts = self.counts.get(GroupId(need.name))
        return counts is not None and met_by(need, counts)

    def _watch(self, text: str, id_: TaskId) -> None:
        known = self.dependents.get(text, ())
        self.dependents = self.dependents.with_(text, (*known, id_))
        if not known:
            name = need_of(text).name
            self.watched = self.watched.with_(name, (*self.watched.get(name, ()), text))

    def launched(self, group: GroupId) -> None:
        """Remember that ``group`` had its turn."""
        order = self.group_specs[group].order
        entry = (order, self.turn_of[group], group)
        self.turn_of = self.turn_of.with_(group, self.turn)
        if entry in self.turns:
            self.turns = self.turns.discard(entry).add((order, self.turn, group))
        self.turn += 1


View = Batch | Draft
"""What may be asked about the state: between steps, or in the middle of one."""
