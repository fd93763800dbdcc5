"""What differs between two versions of a batch, in words."""

import shlex
from collections.abc import Iterator
from dataclasses import fields
from typing import cast

from supervisor.core.models import BatchSpec, GroupSpec, TaskSpec

_SHOWN = ("run", "resume", "cwd", "env", "env_file", "setup", "limits", "needs", "params")


def differences(before: BatchSpec, after: BatchSpec) -> Iterator[str]:
    """Yield a line for each task or group that comes, goes or changes."""
    if before.parallel != after.parallel:
        yield f"parallel: {before.parallel or 'no cap'} → {after.parallel or 'no cap'}"
    yield from _groups(before, after)
    olds, news = ({task.id: task for task in spec.tasks} for spec in (before, after))
    for name in olds.keys() - news.keys():
        yield f"- {name} is removed"
    for name, task in news.items():
        if name not in olds:
            yield f"+ {name} is new: {_text(task.run)}"
        else:
            yield from _task(olds[name], task)


def _groups(before: BatchSpec, after: BatchSpec) -> Iterator[str]:
    olds, news = ({group.name: group for group in spec.groups} for spec in (before, after))
    for name in olds.keys() - news.keys():
        yield f"- group {name} is removed"
    for name, group in news.items():
        if name not in olds:
            yield f"+ group {name} is new"
        else:
            for field in fields(GroupSpec):
                old, new = getattr(olds[name], field.name), getattr(group, field.name)
                if old != new:
                    yield f"~ group {name}: {field.name}: {_text(old)} → {_text(new)}"


def _task(old: TaskSpec, new: TaskSpec) -> Iterator[str]:
    for name in _SHOWN:
        was, now = getattr(old, name), getattr(new, name)
        if was != now:
            yield f"~ {new.id}: {name}: {_text(was)} → {_text(now)}"


def _text(value: object) -> str:
    return (
        shlex.join(map(str, cast("tuple[object, ...]", value)))
        if isinstance(value, tuple)
        else str(value)
    )
