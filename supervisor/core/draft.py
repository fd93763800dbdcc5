"""One step in the making: the batch as it becomes, with its indexes, and the effects so far."""

from collections.abc import Callable

from supervisor.core import facets
from supervisor.core.batch import Desk, Group, Limit, Task
from supervisor.core.effects import Effect, Record, Reply
from supervisor.core.facets import FINAL, Counts, Deadline, Facets, Lane
from supervisor.core.models import GroupId, GroupSpec, LimitId, LimitSpec, TaskId, TaskSpec
from supervisor.core.phase import ALLOWED
from supervisor.core.state import Batch, complete
from supervisor.core.table import Ordered


class IllegalMoveError(Exception):
    """A handler tried a move that the table of phases does not list: a bug, not bad luck."""


class Draft:
    """A batch that changes for the length of one step. Never kept, never shared."""

    __slots__ = (
        "_before",
        "changed",
        "counts",
        "deadlines",
        "dependents",
        "desk",
        "doomed",
        "effects",
        "group_specs",
        "groups",
        "head",
        "held",
        "limit_specs",
        "limits",
        "live",
        "live_by_limit",
        "now",
        "open",
        "open_in",
        "ready",
        "settled",
        "slots",
        "specs",
        "spent",
        "tasks",
        "turn",
        "turn_of",
        "turns",
        "unmet",
    )

    def __init__(self, batch: Batch, now: float) -> None:
        self.now = now
        self.effects: list[Effect] = []
        self.doomed: list[str] = []
        """Tasks and groups that others need, and that may have ended badly in this step."""
        self.load(batch)
        self._before = batch
        self.changed = False

    def load(self, batch: Batch) -> None:
        """Go on from ``batch``, whatever this draft was before."""
        self.changed = True
        self.desk = batch.desk
        self.head = batch.head
        self.specs = batch.specs
        self.tasks = batch.tasks
        self.group_specs = batch.group_specs
        self.groups = batch.groups
        self.limit_specs = batch.limit_specs
        self.limits = batch.limits
        self.ready = batch.ready
        self.deadlines = batch.deadlines
        self.counts = batch.counts
        self.live = batch.live
        self.live_by_limit = batch.live_by_limit
        self.slots = batch.slots
        self.unmet = batch.unmet
        self.dependents = batch.dependents
        self.held = batch.held
        self.spent = batch.spent
        self.open = batch.open
        self.open_in = batch.open_in
        self.turns = batch.turns
        self.turn_of = batch.turn_of
        self.turn = batch.turn
        self.settled = batch.settled

    def batch(self) -> Batch:
        """Return the batch as it is now; the very one this began with if nothing changed."""
        if not self.changed and self.settled is self._before.settled:
            return self._before
        return Batch(
            desk=self.desk,
            head=self.head,
            specs=self.specs,
            tasks=self.tasks,
            group_specs=self.group_specs,
            groups=self.groups,
            limit_specs=self.limit_specs,
            limits=self.limits,
            ready=self.ready,
            deadlines=self.deadlines,
            counts=self.counts,
            live=self.live,
            live_by_limit=self.live_by_limit,
            slots=self.slots,
            unmet=self.unmet,
            dependents=self.dependents,
            held=self.held,
            spent=self.spent,
            open=self.open,
            open_in=self.open_in,
            turns=self.turns,
            turn_of=self.turn_of,
            turn=self.turn,
            settled=self.settled,
        )

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

    def put_group(self, group: Group) -> None:
        """Take over a changed row of a group."""
        self._reschedule(facets.of_group(self.groups[group.name]), facets.of_group(group))
        self.groups = self.groups.with_(group.name, group)
        self.changed = True

    def put_limit(self, limit: Limit) -> None:
        """Take over a changed row of a limit."""
        self._reschedule(facets.of_limit(self.limits[limit.name]), facets.of_limit(limit))
        self.limits = self.limits.with_(limit.name, limit)
        self.changed = True

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
        for name in spec.needs:
            known = self.dependents.get(name, ())
            self.dependents = self.dependents.with_(name, (*known, spec.id))
        if spec.needs:
            self.unmet = self.unmet.with_(
                spec.id, sum(not self.need_met(name) for name in spec.needs)
            )
        nothing = Facets(None, False, None, (), None, None, False)
        before = complete(self.counts[spec.group])
        self._reindex(spec, nothing, facets.of_task(task, spec))
        if before:
            self._need_changed(spec.group, met=False)

    def admit_group(self, spec: GroupSpec) -> None:
        """Take in a group that comes after all others."""
        name = spec.name
        self.group_specs = self.group_specs.with_(name, spec)
        self.groups = self.groups.with_(name, Group(name=name, parallel=spec.parallel))
        self.ready = self.ready.with_(name, {})
        self.counts = self.counts.with_(name, facets.NO_COUNTS)
        self.slots = self.slots.with_(name, 0)
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

    def need_met(self, name: str) -> bool:
        """Tell whether the task or group ``name`` has succeeded."""
        task = self.tasks.get(TaskId(name))
        if task is not None:
            return facets.of_task(task, self.specs[task.id]).succeeded
        counts = self.counts.get(GroupId(name))
        return counts is not None and complete(counts)

    def launched(self, group: GroupId) -> None:
        """Remember that ``group`` had its turn."""
        order = self.group_specs[group].order
        entry = (order, self.turn_of[group], group)
        self.turn_of = self.turn_of.with_(group, self.turn)
        if entry in self.turns:
            self.turns = self.turns.discard(entry).add((order, self.turn, group))
        self.turn += 1

    def _reschedule(self, had: tuple[Deadline, ...], has: tuple[Deadline, ...]) -> None:
        if had == has:
            return
        for deadline in had:
            self.deadlines = self.deadlines.discard(deadline)
        for deadline in has:
            self.deadlines = self.deadlines.add(deadline)

    def _reindex(self, spec: TaskSpec, had: Facets, has: Facets) -> None:
        self._reschedule(had.deadlines, has.deadlines)
        if had.open != has.open:
            more = has.open - had.open
            self.open += more
            self.open_in = self.open_in.with_(spec.group, self.open_in[spec.group] + more)
        if had.word != has.word:
            self._recount(spec.group, had.word, has.word)
        if had.queue != has.queue:
            if not self.unmet.get(spec.id, 0):
                self._requeue(spec, had, has)
            elif has.queue is not None:
                self.doomed.extend(spec.needs)
        if had.slot != has.slot:
            self._move_slot(spec, had.slot, has.slot)
        if had.held != has.held:
            place = (spec.index, spec.id)
            self._move_held(had.held, lambda places: places.discard(place))
            self._move_held(has.held, lambda places: places.add(place))

    def _recount(self, group: GroupId, had: str | None, has: str | None) -> None:
        counts = dict(self.counts[group])
        if had is not None:
            counts[had] -= 1
        if has is not None:
            counts[has] += 1
        self.counts = self.counts.with_(group, counts)

    def _requeue(self, spec: TaskSpec, had: Facets, has: Facets) -> None:
        lanes = dict(self.ready[spec.group])
        lane: Lane = spec.limits
        entries = lanes.pop(lane, _NONE_READY)
        if had.queue is not None:
            entries = entries.discard(had.queue)
        if has.queue is not None:
            entries = entries.add(has.queue)
        if entries:
            lanes[lane] = entries
        self._put_lanes(spec.group, lanes)

    def _put_lanes(self, group: GroupId, lanes: facets.Lanes) -> None:
        was_ready = bool(self.ready[group])
        self.ready = self.ready.with_(group, lanes)
        if was_ready != bool(lanes):
            entry = (self.group_specs[group].order, self.turn_of[group], group)
            self.turns = self.turns.discard(entry) if was_ready else self.turns.add(entry)

    def _move_slot(self, spec: TaskSpec, had: int | None, has: int | None) -> None:
        place = (spec.index, spec.id)
        taken = self.slots[spec.group]
        if had is not None:
            taken &= ~(1 << (had - 1))
        if has is not None:
            taken |= 1 << (has - 1)
        self.slots = self.slots.with_(spec.group, taken)
        more = (has is not None) - (had is not None)
        self.live = self.live.add(place) if more > 0 else self.live.discard(place)
        for name in spec.limits:
            self.live_by_limit = self.live_by_limit.with_(name, self.live_by_limit[name] + more)

    def _move_held(
        self,
        limit: LimitId | None,
        change: Callable[[Ordered[facets.Place]], Ordered[facets.Place]],
    ) -> None:
        if limit is not None:
            self.held = self.held.with_(limit, change(self.held[limit]))

    def _add_spent(self, group: GroupId, task: Task, after: int) -> None:
        more, more_ms = facets.spent_ms(task, after)
        if more:
            count, total_ms = self.spent[group]
            self.spent = self.spent.with_(group, (count + more, total_ms + more_ms))

    def _news_for_dependents(self, spec: TaskSpec, had: Facets, has: Facets, was: Counts) -> None:
        if spec.id in self.dependents:
            if had.succeeded != has.succeeded:
                self._need_changed(spec.id, met=has.succeeded)
            elif isinstance(self.tasks[spec.id].phase, FINAL):
                self.doomed.append(spec.id)
        if spec.group in self.dependents:
            counts = self.counts[spec.group]
            if complete(was) != complete(counts):
                self._need_changed(spec.group, met=complete(counts))
            elif not self.open_in[spec.group] and not complete(counts):
                self.doomed.append(spec.group)

    def _need_changed(self, name: str, *, met: bool) -> None:
        for id_ in self.dependents.get(name, ()):
            if self.tasks[id_].needs_ignored:
                continue
            had = self.unmet[id_]
            has = had + (-1 if met else 1)
            self.unmet = self.unmet.with_(id_, has)
            if bool(had) != bool(has):
                spec = self.specs[id_]
                one = facets.of_task(self.tasks[id_], spec)
                gone = one._replace(queue=None)
                self._requeue(spec, *((gone, one) if met else (one, gone)))


def over(counts: Counts) -> bool:
    """Tell whether nothing that is counted can still come to an end."""
    final = counts["succeeded"] + counts["failed"] + counts["aborted"] + counts["cancelled"]
    return final == sum(counts.values())


_NONE_READY: Ordered[facets.QueueEntry] = Ordered()
View = Batch | Draft
"""What may be asked about the state: between steps, or in the middle of one."""
