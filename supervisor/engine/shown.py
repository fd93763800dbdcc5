"""What is shown of containers and of local processes: readings, which no journal keeps."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import replace

from supervisor.core.board import Head, TaskRow
from supervisor.core.container_rows import counted
from supervisor.core.containers import ContainerCounts, ContainerRow, ContainersNow
from supervisor.core.models import TaskId
from supervisor.engine.process_load import Used
from supervisor.ports import Ref


class Shown:
    """The newest readings of everything, and what of them differs from those before."""

    def __init__(self) -> None:
        self.rows: Mapping[str, ContainerRow] = {}
        """Containers by id."""
        self._now: ContainersNow | None = None
        self._total: ContainerCounts | None = None
        self._by_task: dict[TaskId, ContainerCounts] = {}
        self._used: dict[TaskId, tuple[int, Used]] = {}
        """With the attempt that uses it."""

    def containers(
        self, rows: Mapping[str, ContainerRow], now: ContainersNow
    ) -> tuple[Set[str], Set[TaskId], bool]:
        """Take in ``rows``; return which containers and which tasks differ, and whether anything does."""
        before, self.rows = self.rows, rows
        changed = {id_ for id_, one in rows.items() if before.get(id_) != one}
        changed |= before.keys() - rows.keys()
        by_task = _by_task(rows.values()) if changed else self._by_task
        tasks = {
            task
            for task in by_task.keys() | self._by_task.keys()
            if by_task.get(task) != self._by_task.get(task)
        }
        host = _host(now) != _host(self._now)
        self._by_task, self._now, self._total = by_task, now, counted(rows.values())
        return changed, tasks, bool(changed) or host

    def used(self, ref: Ref, load: Used) -> bool:
        """Take in what an attempt's processes use; return whether that differs."""
        now = (ref.attempt, load)
        before, self._used[ref.task] = self._used.get(ref.task), now
        return before != now

    def tasks(self) -> Set[TaskId]:
        """Return the tasks of which anything is known."""
        return self._by_task.keys() | self._used.keys()

    def task(self, row: TaskRow) -> TaskRow:
        """Return ``row`` with what its containers and processes do."""
        counts, used = self._by_task.get(row.task), self._used.get(row.task)
        if counts is not None:
            row = replace(row, containers=counts)
        if used is not None and used[0] == row.attempt and row.phase in _ALIVE:
            load = used[1]
            note = row.note or (_starved(load.waits) if load.starved else None)
            row = replace(
                row, cores=load.cores, mem_bytes=load.mem_bytes, waits=load.waits, note=note
            )
        return row

    def head(self, head: Head) -> Head:
        """Return ``head`` with what all containers do."""
        now = self._now
        if now is None:
            return head
        return replace(
            head,
            containers=self._total,
            host_cores=now.host_cores,
            host_busy=now.host_busy,
            daemon_busy=now.daemon_busy,
        )


_ALIVE = frozenset({"running", "frozen", "unreachable"})


def _by_task(rows: Iterable[ContainerRow]) -> dict[TaskId, ContainerCounts]:
    found: dict[TaskId, list[ContainerRow]] = defaultdict(list)
    for one in rows:
        if one.task is not None and one.owned:
            found[one.task].append(one)
    return {task: counted(own) for task, own in found.items()}


def _host(now: ContainersNow | None) -> tuple[object, ...]:
    return () if now is None else (now.host_cores, now.host_busy, now.daemon_busy)


def _starved(waits: float | None) -> str:
    """Say what looks like a provider that does not answer in time."""
    return f"short of CPU: waits {waits or 0:.0%} of its time"
