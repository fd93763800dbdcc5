"""Looks at this machine through the kernel and psutil."""

import os
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from supervisor.adapters.clock import wall_now
from supervisor.adapters.containers.daemon import host_cpu_s
from supervisor.core.machine import DiskSeen, LoadSeen, MachineSeen, ProcessSeen

if TYPE_CHECKING:
    from psutil import Process


class ThisMachine:
    """Implements ``ports.machine.Machine``; see there."""

    def __init__(self, now: Callable[[], float] = wall_now) -> None:
        self._now = now
        self._name = socket.gethostname()

    def load(self) -> LoadSeen:
        """Return how busy it has been until now, out of two files of the kernel."""
        return LoadSeen(at=self._now(), busy_s=host_cpu_s(), mem_share=_mem_share())

    def look(self, places: Mapping[str, str]) -> MachineSeen:
        """Return it as it is now."""
        import psutil  # engines that nobody asks never need it

        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return MachineSeen(
            at=self._now(),
            name=self._name,
            cores=psutil.cpu_count() or 1,
            busy_s=host_cpu_s(),
            load=psutil.getloadavg(),
            mem_bytes=memory.total,
            available_bytes=memory.available,
            swap_bytes=swap.total,
            swap_used_bytes=swap.used,
            disks=_disks(places),
            engine=self._engine(),
        )

    def processes(self, pids: Sequence[int]) -> ProcessSeen:
        """Return threads and open files of these processes together."""
        threads = [count for pid in pids if (count := _entries(pid, "task")) is not None]
        files = [count for pid in pids if (count := _entries(pid, "fd")) is not None]
        return ProcessSeen(
            threads=sum(threads) if threads else None, files=sum(files) if files else None
        )

    @cached_property
    def _own(self) -> "Process":
        from psutil import Process

        return Process()

    def _engine(self) -> ProcessSeen:
        with self._own.oneshot():
            spent = self._own.cpu_times()
            return ProcessSeen(
                cpu_s=spent.user + spent.system,
                rss_bytes=self._own.memory_info().rss,
                threads=self._own.num_threads(),
                files=self._own.num_fds(),
            )


def _entries(pid: int, kind: str) -> int | None:
    """Return how many threads or descriptors a process has; None: it ended, or is another user's."""
    try:
        return len(os.listdir(f"/proc/{pid}/{kind}"))  # noqa: PTH208 - hundreds of them at a time
    except OSError:
        return None


def _mem_share() -> float:
    """Return how much of the memory is in use; 0 where the kernel does not say."""
    sizes: dict[str, int] = {}
    with suppress(OSError), Path("/proc/meminfo").open(encoding="ascii") as file:
        for line in file:
            name, _, size = line.partition(":")
            if name in ("MemTotal", "MemAvailable"):
                sizes[name] = int(size.split()[0])
    total = sizes.get("MemTotal", 0)
    return max(0.0, 1 - sizes.get("MemAvailable", total) / total) if total else 0.0


def _disks(places: Mapping[str, str]) -> tuple[DiskSeen, ...]:
    """Return the disks of directories, each once, with all that lies on it."""
    held: dict[int, list[str]] = {}
    lies: dict[int, str] = {}
    for what, path in places.items():
        with suppress(OSError):  # what is not there fills no disk
            device = Path(path).stat().st_dev
            held.setdefault(device, []).append(what)
            lies.setdefault(device, path)
    found: list[DiskSeen] = []
    for device, path in lies.items():
        with suppress(OSError):
            room = os.statvfs(path)
            used = room.f_blocks - room.f_bfree
            found.append(
                DiskSeen(
                    path=_mounted(path, device),
                    holds=tuple(held[device]),
                    # As df counts: what is kept for root is neither used nor free.
                    total_bytes=(used + room.f_bavail) * room.f_frsize,
                    free_bytes=room.f_bavail * room.f_frsize,
                )
            )
    return tuple(found)


def _mounted(path: str, device: int) -> str:
    """Return the highest directory above ``path`` that lies on the same disk."""
    here = Path(os.path.realpath(path))
    for above in here.parents:
        if above.stat().st_dev != device:
            break
        here = above
    return str(here)
