"""What differs between the batch that runs and an edited batch file, in the batch file's words."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, cast

from supervisor.core.codec import loads
from supervisor.core.durations import written
from supervisor.core.hours import Hours
from supervisor.core.hours import written as hours_written
from supervisor.core.models import BatchSpec, LimitSpec, OwnRule, TaskId, TaskSpec
from supervisor.core.redact import redact
from supervisor.core.rules import Rule
from supervisor.core.state import Batch, spec_of
from supervisor.core.wording import brief, plural, size

_MOST = 20
"""Tasks of a kind that are listed one by one."""
_BRIEF = 3
"""Settings that a banner names."""
_LONGEST, _LONGEST_SETTING = 100, 300
_DAY_S = 86400.0
_UNTOLD: Mapping[str, frozenset[str]] = {
    "BatchSpec": frozenset(
        {"name", "directory", "source", "shell", "env_names", "env_stored", "inputs"}
        | {"tasks", "groups", "limits", "profiles"}
    ),
    "TaskSpec": frozenset({"id", "group", "index", "added", "not_before"}),
    "GroupSpec": frozenset({"name"}),
    "LimitSpec": frozenset({"name"}),
    "RunnerProfile": frozenset({"name"}),
}
"""What is told apart, what names the thing, and what only a new run takes over."""
_NAMES = {
    "attempts_by_class": "errors.attempts",
    "retry_by_class": "errors",
    "action_by_class": "errors.action",
    "leave_leftovers": "leftovers.leave",
    "least": "min",
    "parallel_least": "parallel, from",
    "window": "share of the last",
}
_UNITS = ("_s", "_bytes")
_HIDDEN = ("env.", "rules.")
"""Values that may be secret, or say nothing to a person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Some:
    """A number of tasks, and lines about the first twenty."""

    count: int = 0
    lines: tuple[str, ...] = ()

    def listed(self, sign: str) -> Iterator[str]:
        """Yield the lines with ``sign`` before them, and how many tasks are left out."""
        yield from (f"{sign} {line}" for line in self.lines)
        if self.count > _MOST:
            yield f"{sign} … and {plural(self.count - _MOST, 'task')} more"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What the file sets, and which tasks it changes, adds and takes away; secrets are masked."""

    settings: tuple[str, ...] = ()
    changed: Some = Some()
    added: Some = Some()
    removed: Some = Some()
    reordered: bool = False
    """The tasks come in another order, and nothing else about them differs."""

    def __bool__(self) -> bool:
        counts = (self.changed.count, self.added.count, self.removed.count)
        return bool(self.settings) or any(counts) or self.reordered

    def lines(self) -> tuple[str, ...]:
        """Return all of it, of many tasks the first twenty of each kind."""
        return (
            *(f"~ {line}" for line in self.settings),
            *self.changed.listed("~"),
            *self.added.listed("+"),
            *self.removed.listed("-"),
            *(("~ the order of the tasks",) if self.reordered else ()),
        )

    def brief(self) -> str:
        """Return it in one line."""
        said = list(self.settings[:_BRIEF])
        if len(self.settings) > _BRIEF:
            said.append(f"{plural(len(self.settings) - _BRIEF, 'other setting')}")
        counts = ((self.added, "new"), (self.removed, "removed"), (self.changed, "changed"))
        said += [f"{plural(some.count, 'task')} {word}" for some, word in counts if some.count]
        return "; ".join([*said, "another order of tasks"] if self.reordered else said)


def difference(batch: Batch, after: BatchSpec) -> Difference:
    """Return what the batch file ``after`` would change; live settings of the operator stay apart."""
    before = spec_of(batch)
    kept = {task.id for task in after.tasks}
    here = [
        task
        for task in before.tasks
        if not batch.tasks[task.id].removed and (task.id in kept or not task.added)
    ]
    names = {task.group for task in here} | {group.name for group in after.groups}
    groups = tuple(group for group in before.groups if group.name in names)
    return between(replace(before, tasks=tuple(here), groups=groups), after)


def between(before: BatchSpec, after: BatchSpec) -> Difference:
    """Return what differs between two batch files."""
    olds, news = ({task.id: task for task in spec.tasks} for spec in (before, after))
    changed = [id_ for id_ in news if id_ in olds and _differ(olds[id_], news[id_])]
    added = [id_ for id_ in news if id_ not in olds]
    removed = [id_ for id_ in olds if id_ not in news]
    return Difference(
        settings=tuple(_shown(line, _LONGEST_SETTING) for line in _settings(before, after)),
        changed=_some(changed, lambda id_: _task(olds[id_], news[id_])),
        added=_some(added, lambda id_: (f"{id_}: {_leaf('', news[id_].run)}",)),
        removed=_some(removed, lambda id_: (id_,)),
        reordered=not changed and _order(olds, news) != _order(news, olds),
    )


def _some(ids: Sequence[TaskId], told: Callable[[TaskId], Iterable[str]]) -> Some:
    lines = tuple(_shown(line) for id_ in ids[:_MOST] for line in told(id_))
    return Some(count=len(ids), lines=lines)


def _order(tasks: Mapping[TaskId, TaskSpec], others: Mapping[TaskId, TaskSpec]) -> list[TaskId]:
    return [id_ for id_ in tasks if id_ in others]


def _shown(line: str, most: int = _LONGEST) -> str:
    """Return a line that may be shown anywhere: names and commands may hold what a terminal obeys."""
    line = brief(redact(line), most)
    return "".join(char if char.isprintable() else "?" for char in line)


def _settings(before: BatchSpec, after: BatchSpec) -> Iterator[str]:
    yield from _apart("", before, after)
    for kind in ("groups", "limits", "profiles"):
        olds, news = ({one.name: one for one in getattr(spec, kind)} for spec in (before, after))
        title = {"groups": "", "limits": "limits.", "profiles": "runner "}[kind]
        for name in news:
            if name in olds:
                yield from _apart(f"{title}{name}.", olds[name], news[name])
            elif kind == "groups":
                yield f"{name}: a new group"
            elif kind == "limits" and news[name] != LimitSpec(name=news[name].name):
                yield f"limits.{name}: new"
        if kind == "groups":
            yield from (f"{name}: the group is removed" for name in olds if name not in news)


def _differ(old: TaskSpec, new: TaskSpec) -> bool:
    return old != new and (_work(old) != _work(new) or _other_time(old, new))


def _work(task: TaskSpec) -> TaskSpec:
    return replace(task, index=0, added=False, not_before=None)


def _other_time(old: TaskSpec, new: TaskSpec) -> bool:
    """Whether the wishes differ: the same hour of another day is the same, each reading resolves it."""
    if old.not_before is None or new.not_before is None:
        return old.not_before != new.not_before
    return (old.not_before - new.not_before) % _DAY_S != 0


def _task(old: TaskSpec, new: TaskSpec) -> Iterator[str]:
    yield from _apart(f"{new.id}: ", old, new)
    if _other_time(old, new):
        yield f"{new.id}: at"


def _apart(title: str, old: object, new: object) -> Iterator[str]:
    """Yield a line for each leaf that two records of one kind do not share."""
    if old == new:
        return
    was, now = dict(_leaves("", old)), dict(_leaves("", new))
    for name in dict.fromkeys((*was, *now)):
        one, other = was.get(name, "none"), now.get(name, "none")
        if one != other:
            yield f"{title}{name}: {_moved(name, one, other)}"


def _moved(name: str, one: str, other: str) -> str:
    if not name.startswith(_HIDDEN):
        return f"{one} → {other}"
    return "new" if one == "none" else "removed" if other == "none" else "changed"


def _leaves(name: str, value: object) -> Iterator[tuple[str, str]]:
    if is_dataclass(value) and not isinstance(value, Hours):
        for field in fields(value):
            if field.name not in _UNTOLD.get(type(value).__name__, ()):
                yield from _leaves(_below(name, field.name), getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, inner in cast("Mapping[object, object]", value).items():
            yield from _leaves(_below(name, str(key)), inner)
    elif name == "rules":
        for own in cast("tuple[OwnRule, ...]", value):
            yield f"rules.{loads(Rule, own.text).id}", own.text
    else:
        yield _plain(name), _leaf(name, value)


def _below(name: str, field: str) -> str:
    field = _NAMES.get(field, field)
    return f"{name}.{field}" if name else field


def _plain(name: str) -> str:
    for unit in _UNITS:
        name = name.removesuffix(unit)
    return name.replace("_low", " from").replace("_high", " to")


def _leaf(name: str, value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, Hours):
        return hours_written(value)
    if isinstance(value, tuple):
        return " ".join(str(one) for one in cast("tuple[object, ...]", value)) or "none"
    if name.endswith("_s"):
        return written(value)
    if name.endswith("_bytes"):
        return size(value)
    return f"{value:g}" if isinstance(value, float) else str(value)
