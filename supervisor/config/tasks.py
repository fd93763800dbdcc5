"""From a group's keys to its tasks, one for each combination of values."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from supervisor.config.container_keys import DockerKeys, placed
from supervisor.config.matrix import Params, combinations
from supervisor.config.names import slug, slugs
from supervisor.config.problems import Problems, nearest
from supervisor.config.schema import GroupKeys, SourceKeys, TaskKeys
from supervisor.config.source import Loc
from supervisor.core.models import NOTHING, GpuNeed, GroupId, LimitId, TaskId, TaskSpec
from supervisor.core.quoting import substitute
from supervisor.core.runners import RunnerProfile, chosen
from supervisor.core.wish import DOCKER, Wish, rendered

Value = TypeVar("Value")

_LONGEST_ID = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What tasks are made with besides their keys."""

    group: GroupId
    loc: Loc
    """Of the group, or of the top in the short form."""
    directory: Path
    """Of the batch file."""
    not_before: Callable[[tuple[int, int]], float]
    """Gives the Unix time of a time of day."""


@dataclass(slots=True)
class Expansion:
    """The tasks of all groups so far, and where in the file each was made."""

    problems: Problems
    profiles: Mapping[str, RunnerProfile]
    """By name, in the order in which they are tried."""
    tasks: dict[TaskId, TaskSpec] = field(default_factory=dict[TaskId, TaskSpec])
    made_at: dict[TaskId, Loc] = field(default_factory=dict[TaskId, Loc])
    read: dict[str, None] = field(default_factory=dict[str, None])
    """Paths of the files that values came from."""

    def add_group(self, keys: GroupKeys, place: Place) -> None:
        """Add the tasks of one group, whose keys hold the defaults already."""
        if keys.runner is not None and keys.runner not in self.profiles:
            near = nearest(keys.runner, self.profiles) or f"; there are {', '.join(self.profiles)}"
            self.problems.add((*place.loc, "runner"), f"{keys.runner!r} is no profile{near}")
        if keys.tasks is None:
            if keys.run is None:
                self.problems.suspect(place.loc, "has no tasks: give it run, or tasks")
            else:
                self._add_template(keys, keys, place, place.loc)
            return
        for key, given in (("id", keys.id), ("for", keys.for_), ("except", keys.except_)):
            if given is not None:
                self.problems.add((*place.loc, key), "stands beside tasks; put it into them")
        if not keys.tasks:
            self.problems.suspect((*place.loc, "tasks"), "has no tasks")
        for at, task in enumerate(keys.tasks):
            self._add_template(task, keys, place, (*place.loc, "tasks", at))

    def _add_template(self, task: TaskKeys, group: GroupKeys, place: Place, loc: Loc) -> None:
        if task.run is None and group.run is None:
            self.problems.suspect(loc, "has no run")
            return
        need = _gpu_need(task, group)
        if need is not None and need.of is not None and need.count > len(need.of):
            told = f"{need.count} of {len(need.of)} GPUs cannot be had"
            self.problems.suspect((*loc, "gpus"), told)
        if task is not group and task.docker is not None and _wish(task, group) is None:
            self.problems.suspect((*loc, "docker"), "does nothing without image: give it one")
        maker = _Maker(task, group, place, self.profiles)
        rows = self._rows(task, maker, loc)
        for name, params in zip(maker.ids(rows), rows, strict=True):
            self._add(maker.task(name, params, len(self.tasks)), loc, task.id)

    def _rows(self, task: TaskKeys, maker: "_Maker", loc: Loc) -> list[Params]:
        if task.for_ is None:
            if task.except_ is not None:
                self.problems.suspect((*loc, "except"), "needs a for beside it")
            return [{}]

        def report(place: Loc, message: str) -> None:
            self.problems.suspect((*loc, *place), message)

        directory = maker.data_directory()
        for values in task.for_.values():
            if isinstance(values, SourceKeys) and (file := values.lines or values.table):
                self.read[str(directory / Path(file).expanduser())] = None
        return combinations(task.for_, task.except_ or (), directory, report)

    def _add(self, task: TaskSpec, loc: Loc, template: str | None) -> None:
        name = task.id.partition("/")[2]
        fault = _id_fault(name)
        where = loc if template is None else (*loc, "id")
        if fault:
            self.problems.suspect(where, fault)
        elif task.id in self.tasks:
            self.problems.suspect(where, self._clash(task, template))
        else:
            self.made_at[task.id] = loc
            self.tasks[task.id] = task

    def _clash(self, task: TaskSpec, template: str | None) -> str:
        other = self.tasks[task.id]
        line = self.problems.document.line(self.made_at[task.id])
        way_out = "give it an id" if template is None else "use more {names} in the id"
        return (
            f"two tasks would be called {task.id!r}: {_described(task)},"
            f" and {_described(other)} (line {line}); {way_out}"
        )


def _id_fault(name: str) -> str:
    if not name or name != name.strip():
        return f"the id {name!r} is empty or has spaces around it"
    if not name.isprintable():
        return f"the id {name!r} has control characters"
    return f"the id {name[:40]!r}… is too long" if len(name) > _LONGEST_ID else ""


def _described(task: TaskSpec) -> str:
    if task.params:
        return "{" + ", ".join(f"{name}: {value}" for name, value in task.params.items()) + "}"
    return repr(task.run if isinstance(task.run, str) else shlex.join(task.run))


class _Maker:
    """Makes the tasks of one template; text without ``{names}`` is shared between them."""

    def __init__(
        self,
        task: TaskKeys,
        group: GroupKeys,
        place: Place,
        profiles: Mapping[str, RunnerProfile],
    ) -> None:
        self._place = place
        self._runner = group.runner
        self._profiles = profiles
        self._task = task
        self._run = task.run if task.run is not None else group.run or ""
        self._resume = group.resume if task.resume is None else task.resume
        self._setup = _chosen(task.setup, group.setup) or None
        self._env = {**(group.env or {}), **(task.env or {})} or NOTHING
        self._env_file = _chosen(task.env_file, group.env_file) or None
        self._sources = _chosen(task.sources, group.sources) or ()
        self._cwd = _chosen(task.cwd, group.cwd) or "."
        self._group_cwd = group.cwd or "."
        self._limit = _chosen(task.limit, group.limit) or (place.group,)
        self._container = _wish(task, group)
        if self._container is not None:
            self._limit = (*self._limit, DOCKER)
        own = () if task is group else task.needs or ()
        self._needs = (*(group.needs or ()), *own)
        at = _chosen(task.at, group.at)
        self._not_before = None if at is None else place.not_before(at)
        self._gpus = _gpu_need(task, group)
        self._weight = _chosen(task.weight, group.weight) or 1

    def ids(self, rows: Sequence[Params]) -> list[str]:
        """Return the name of each row's task within the group."""
        if self._task.id is not None:
            return [substitute(self._task.id, params) for params in rows]
        if rows == [{}]:
            return [slug(self._run if isinstance(self._run, str) else shlex.join(self._run))]
        return slugs(["-".join(params.values()) for params in rows])

    def data_directory(self) -> Path:
        """Return where files of values are looked for: the nearest ``cwd`` without names."""
        plain = next(cwd for cwd in (self._cwd, self._group_cwd, ".") if "{" not in cwd)
        return self._absolute(self._place.directory, plain)

    def task(self, name: str, params: Params, index: int) -> TaskSpec:
        """Return the task of one row."""
        cwd = self._absolute(self._place.directory, substitute(self._cwd, params))
        env_file = substitute(self._env_file, params) if self._env_file else None
        return TaskSpec(
            id=TaskId(f"{self._place.group}/{name}"),
            group=self._place.group,
            run=self._run,
            resume=self._resume,
            params=params or NOTHING,
            cwd=str(cwd),
            env=self._environment(params),
            env_file=str(self._absolute(cwd, env_file)) if env_file else None,
            sources=self._sources,
            setup=self._setup,
            limits=_each(self._limit, params),
            needs=tuple(substitute(need, params) for need in self._needs),
            not_before=self._not_before,
            profile=self._profile(params),
            index=index,
            weight=self._weight,
            gpus=self._gpus,
            container=placed(rendered(self._container, params), cwd) if self._container else None,
        )

    def _profile(self, params: Params) -> str:
        if self._runner is not None:
            return self._runner
        run = self._run if isinstance(self._run, str) else shlex.join(self._run)
        return chosen(substitute(run, params), self._profiles.values())

    def _environment(self, params: Params) -> Mapping[str, str]:
        if not params or not any("{" in value for value in self._env.values()):
            return self._env
        return {key: substitute(value, params) for key, value in self._env.items()}

    def _absolute(self, directory: Path, path: str) -> Path:
        return directory / Path(path).expanduser()


def _wish(task: TaskKeys, group: GroupKeys) -> Wish | None:
    """Return the container that tasks of the template want; what the task says itself comes first."""
    image = _chosen(task.image, group.image)
    if not image:
        return None
    keys = _chosen(task.docker, group.docker) or DockerKeys()
    if task.docker is not None and group.docker is not None:
        own = {key: getattr(task.docker, key) for key in task.docker.model_fields_set}
        keys = group.docker.model_copy(update=own)
    return keys.wish(image)


def _gpu_need(task: TaskKeys, group: GroupKeys) -> GpuNeed | None:
    """Return what the task itself says of its GPUs, filled up with what its group says."""
    keys = _chosen(task.gpus, group.gpus)
    if task.gpus is not None and group.gpus is not None:
        own = {key: getattr(task.gpus, key) for key in task.gpus.model_fields_set}
        keys = group.gpus.model_copy(update=own)
    return None if keys is None else keys.need()


def _each(limits: Sequence[str], params: Params) -> tuple[LimitId, ...]:
    return tuple(dict.fromkeys(LimitId(substitute(limit, params)) for limit in limits))


def _chosen(own: Value | None, group: Value | None) -> Value | None:
    return group if own is None else own
