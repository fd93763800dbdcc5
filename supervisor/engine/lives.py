"""Tells which attempts may have made containers, and when each lived."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from supervisor.core.container_rules import ContainerRules, combined, filled
from supervisor.core.facets import LIVE
from supervisor.core.models import TaskId, TaskSpec
from supervisor.core.ownership import Life
from supervisor.core.runners import option_values
from supervisor.core.state import Batch
from supervisor.engine.looking import command_of, profile_of


class Lives:
    """Keeps what it has worked out of each task's command until the batch file changes."""

    def __init__(self, batch: Callable[[], Batch], environ: Mapping[str, str]) -> None:
        self._batch = batch
        self._environ = environ
        self._specs: object = None
        self._rules: dict[TaskId, ContainerRules | None] = {}
        self._watched: tuple[TaskId, ...] = ()
        self._needed = False

    @property
    def needed(self) -> bool:
        """Whether any task of the batch makes containers, or is one."""
        self._renew()
        return self._needed

    def patterns(self) -> Sequence[tuple[str, ContainerRules]]:
        """Return what each group shows, whether any of it ever ran or not."""
        self._renew()
        specs = self._batch().specs
        pairs = ((specs[id_].group, self._rules[id_]) for id_ in self._watched)
        return tuple({(str(group), rules): None for group, rules in pairs if rules is not None})

    def lives(self, since: float) -> Iterator[Life]:
        """Yield every attempt that has lived after ``since``."""
        self._renew()
        batch = self._batch()
        for id_ in self._watched:
            task, rules = batch.tasks[id_], self._rules[id_]
            if not task.attempt or rules is None:
                continue
            spec = batch.specs[id_]
            for record in task.history:
                if record.ended_at >= since:
                    yield _life(spec, rules, record.attempt, record.started_at, record.ended_at)
            if isinstance(task.phase, LIVE):
                yield _life(spec, rules, task.phase.attempt, task.phase.since, None)

    def _renew(self) -> None:
        batch = self._batch()
        if batch.specs is self._specs:
            return
        self._specs = batch.specs
        self._rules = {id_: self._rules_of(batch, id_) for id_ in batch.specs}
        self._watched = tuple(id_ for id_, rules in self._rules.items() if rules is not None)
        images = any(spec.container is not None for spec in batch.specs.values())
        self._needed = images or bool(self._watched)

    def _rules_of(self, batch: Batch, id_: TaskId) -> ContainerRules | None:
        spec, profile = batch.specs[id_], profile_of(batch, id_)
        rules = combined(batch.group_specs[spec.group].containers, profile.containers)
        if rules is None or not profile.options:
            return rules
        options = option_values(profile, command_of(spec), {**self._environ, **spec.env})
        return filled(rules, dict(options))


def _life(
    spec: TaskSpec, rules: ContainerRules, attempt: int, started_at: float, ended_at: float | None
) -> Life:
    return Life(
        group=str(spec.group),
        task=spec.id,
        attempt=attempt,
        rules=rules,
        started_at=started_at,
        ended_at=ended_at,
        names=_names(spec),
    )


def _names(spec: TaskSpec) -> frozenset[str]:
    """Return the words by which others may name what a task works on."""
    params = spec.params
    return frozenset(
        (
            spec.id.partition("/")[2],
            *params.values(),
            *(f"{key}-{value}" for key, value in params.items()),
        )
    )
