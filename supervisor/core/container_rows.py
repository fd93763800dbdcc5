"""What clients and the core are told of containers, from what is known of each."""

from collections import defaultdict
from collections.abc import Iterable

from supervisor.core.containers import (
    Container,
    ContainerCounts,
    ContainerRow,
    ContainerState,
    TaskContainers,
)
from supervisor.core.idleness import Track, Verdict, quiet_since
from supervisor.core.names import TaskId
from supervisor.core.ownership import Owner

_MEMORY_STEP = 1 << 16
"""Less is noise: a row that differs is sent anew."""


def row(
    container: Container, track: Track, verdict: Verdict, owner: Owner, host_cores: int | None
) -> ContainerRow:
    """Return one container as clients show it."""
    used = track.usage
    alive = container.running or container.status == "paused"
    cores = None if track.cores is None or not alive else round(track.cores, 3)
    limit = container.limit_cores or host_cores
    quiet = None if verdict.state == "busy" or not alive else quiet_since(track)
    return ContainerRow(
        id=container.id,
        name=container.name,
        image=container.image,
        task=owner.task,
        attempt=owner.attempt,
        group=owner.group,
        owned=owner.owned,
        proof=owner.proof or None,
        state=verdict.state,
        answering=verdict.answering,
        since=track.since,
        quiet_since=None if quiet is None else round(quiet, 1),
        cores=cores,
        cpu_percent=None if cores is None or not limit else round(100 * cores / limit, 2),
        mem_bytes=None if used is None or not alive else _stepped(used.mem_bytes),
        mem_limit=container.mem_limit,
        pids=None if used is None or not alive else used.pids,
        net_rate=_whole(track.net_rate),
        block_rate=_whole(track.block_rate),
        throttled=None if track.throttled is None else round(track.throttled, 2),
        created_at=container.created_at,
        why=verdict.why,
        history=track.points,
    )


def counted(rows: Iterable[ContainerRow]) -> ContainerCounts:
    """Return how many of ``rows`` are in which state."""
    found: dict[ContainerState, int] = defaultdict(int)
    for one in rows:
        found[one.state] += 1
    return ContainerCounts(**found)


def by_task(rows: Iterable[ContainerRow]) -> tuple[TaskContainers, ...]:
    """Return the containers of each task, and of each group those that belong to no task.

    Those that no proof ties to the batch are shown, but work for nobody here: they are left out.
    """
    found: dict[tuple[str, TaskId | None], list[ContainerRow]] = defaultdict(list)
    for one in rows:
        if one.owned and one.group is not None:
            found[one.group, one.task].append(one)
    return tuple(
        _task(group, task, found[group, task])
        for group, task in sorted(found, key=lambda key: (key[0], key[1] or ""))
    )


def same_states(one: Iterable[TaskContainers], other: Iterable[TaskContainers]) -> bool:
    """Return whether both tell the same, but for how long it has been so."""
    return [(each.group, each.task, each.counts, each.answering) for each in one] == [
        (each.group, each.task, each.counts, each.answering) for each in other
    ]


def _task(group: str, task: TaskId | None, rows: list[ContainerRow]) -> TaskContainers:
    still = [one for one in rows if one.state in {"idle", "dead_idle"} and not one.answering]
    since = [one.since for one in still if one.since is not None]
    return TaskContainers(
        group=group,
        task=task,
        owned=len(rows),
        counts=counted(rows),
        answering=sum(one.answering for one in rows),
        idle_since=max(since, default=None),
    )


def _stepped(size_bytes: int | None) -> int | None:
    return None if size_bytes is None else size_bytes // _MEMORY_STEP * _MEMORY_STEP


def _whole(rate: float | None) -> float | None:
    return None if rate is None else float(round(rate))
