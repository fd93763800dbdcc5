"""What is wrong with a group's policies for the tasks that it has."""

from collections.abc import Iterable, Iterator

from supervisor.config.problems import Problems
from supervisor.config.schema import BatchKeys, GroupKeys
from supervisor.core.models import GroupId, TaskSpec


def check_policies(
    top: BatchKeys, name: GroupId, keys: GroupKeys, tasks: Iterable[TaskSpec], problems: Problems
) -> None:
    """Note each fault of the group's policies, where they were written: in the group, or at the top."""
    own = (top.groups or {}).get(name)
    of_group = [task for task in tasks if task.group == name]
    for policy, key, fault in _faults(keys, of_group):
        written = own is not None and getattr(own, policy) is not None
        place = ("groups", name) if written else ()
        problems.suspect((*place, policy, *key.split(".")), fault)


def _faults(keys: GroupKeys, tasks: list[TaskSpec]) -> Iterator[tuple[str, str, str]]:
    """Yield policy, key in it, and what is wrong."""
    if keys.breaker is not None:
        yield from (("breaker", "per", fault) for fault in keys.breaker.faults(tasks))
    if keys.degrade is not None:
        yield from (("degrade", key, fault) for key, fault in keys.degrade.faults(tasks))
    if keys.inner is not None:
        other = keys.degrade.knob if keys.degrade is not None else None
        yield from (("inner", key, fault) for key, fault in keys.inner.faults(tasks, other))
