"""A batch in the making whose indexes follow every change of a row."""

from collections.abc import Callable

from supervisor.core import facets
from supervisor.core.batch import Task
from supervisor.core.facets import Counts, Deadline, Facets
from supervisor.core.indexes import lane_of, met_by_task
from supervisor.core.models import GroupId, LimitId, TaskSpec
from supervisor.core.need import met_by, need_of
from supervisor.core.opened import Opened
from supervisor.core.state import Batch
from supervisor.core.table import Ordered

_NONE_READY: Ordered[facets.QueueEntry] = Ordered()


class Indexed(Opened):
    """The parts of a batch under change; what changes them keeps the indexes in step."""

    __slots__ = ("doomed", "moved")

    def __init__(self, batch: Batch) -> None:
        super().__init__(batch)
        self.doomed: list[str] = []
        """Tasks and groups that others need, and that may have ended badly in this step."""
        self.moved: set[GroupId] = set()
        """Groups of which an attempt took or left a slot, or whose own settings changed."""

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
        lane = lane_of(self.group_specs[spec.group], spec)
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
        self.moved.add(spec.group)
        taken = self.slots[spec.group]
        if had is not None:
            taken &= ~(1 << (had - 1))
        if has is not None:
            taken |= 1 << (has - 1)
        self.slots = self.slots.with_(spec.group, taken)
        more = (has is not None) - (had is not None)
        self.used = self.used.with_(spec.group, self.used[spec.group] + more * spec.weight)
        self.used_all += more * spec.weight
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
        for text in self.watched.get(spec.id, ()):
            need = need_of(text)
            met = met_by_task(need, has)
            if met_by_task(need, had) != met:
                self._need_changed(text, met=met)
            elif has.final:
                self.doomed.append(text)
        self._news_of_group(spec.group, was)

    def _news_of_group(self, group: GroupId, was: Counts) -> None:
        for text in self.watched.get(group, ()):
            need = need_of(text)
            met = met_by(need, self.counts[group])
            if met_by(need, was) != met:
                self._need_changed(text, met=met)
            elif not met and not self.open_in[group]:
                self.doomed.append(text)

    def _need_changed(self, text: str, *, met: bool) -> None:
        for id_ in self.dependents.get(text, ()):
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
