"""Reads what one container uses out of the kernel's own files, whose descriptors stay open.

A descriptor that is read again costs 1 to 2 µs, opening the file anew five times that. All but the
CPU is read every few sweeps only, and seldom where no CPU is used: it is drawn, and decides nothing
within seconds. Formats: Documentation/admin-guide/cgroup-v2.rst and cgroup-v1/ of the
kernel.
"""

import os
from collections.abc import Callable
from contextlib import suppress

from supervisor.adapters.containers.hierarchy import Places
from supervisor.core.containers import ContainerUsage

_CHUNK = 16384
_LINES = 512
"""Room for a number, or for the lines of ``cpu.stat`` that count."""
_NANO = 1e-9
_MICRO = 1e-6
_REST_EVERY, _REST_EVERY_IDLE = 3, 12
_AT_WORK_S = 0.05
"""CPU since the last look at the rest: what uses less has hardly changed anything."""


class Gauges:
    """What one container uses. Made for one first process; another one needs new gauges."""

    MOST_FILES = 8
    """Descriptors that one of them keeps."""

    def __init__(self, places: Places, net_dev: str | None, *, turn: int = 0) -> None:
        """Open what is there. ``turn`` spreads the other reads of many containers over the sweeps."""
        self._turn = turn % _REST_EVERY_IDLE
        self._files: list[int] = []
        self._cpu = self._first(_cpu_files(places))
        self._memory = self._first(_memory_files(places))
        self._inactive = self._first(_inactive_files(places))
        self._pids = self._first(_pids_files(places))
        self._throttled = self._first(_throttled_files(places))
        self._blocks = self._first(_block_files(places))
        self._net = self._opened(net_dev) if net_dev else None
        self._procs = self._first(_procs_files(places))
        self._rest: ContainerUsage | None = None
        self._rest_cpu_s = 0.0

    @property
    def readable(self) -> bool:
        """Whether the least that is needed can be read here."""
        return self._cpu is not None

    def read(self, at: float) -> ContainerUsage | None:
        """Return what it has used by now, the moment ``at``; None: its cgroup is gone."""
        if self._cpu is None:
            return None
        file, reads = self._cpu
        try:
            cpu_s = reads(os.pread(file, _LINES, 0))
            self._turn += 1
            due = _REST_EVERY if cpu_s - self._rest_cpu_s > _AT_WORK_S else _REST_EVERY_IDLE
            if self._rest is None or self._turn >= due:
                self._turn = 0 if self._rest is not None else self._turn
                self._rest, self._rest_cpu_s = self._others(), cpu_s
            rest = self._rest
        except (OSError, ValueError):
            return None
        _, _, memory, pids, net, sent, blocks, throttled_s = rest
        return ContainerUsage(at, cpu_s, memory, pids, net, sent, blocks, throttled_s)

    def members(self) -> list[int] | None:
        """Return the pids of its processes; None where they cannot be seen."""
        if self._procs is None:
            return None
        try:
            # A dead cgroup answers ENODEV, an empty one nothing.
            return [int(pid) for pid in _whole(self._procs).split()]
        except (OSError, ValueError):
            return None

    def close(self) -> None:
        """Give the descriptors back."""
        for file in self._files:
            with suppress(OSError):
                os.close(file)
        self._files.clear()
        self._cpu = None

    def _others(self) -> ContainerUsage:
        both = None if self._net is None else _network(os.pread(self._net, _CHUNK, 0))
        memory = None if self._memory is None else int(_of(self._memory))
        if memory is not None and self._inactive is not None:
            memory = max(0, memory - int(_of(self._inactive)))
        return ContainerUsage(
            at=0.0,
            cpu_s=0.0,
            mem_bytes=memory,
            pids=None if self._pids is None else int(_of(self._pids)),
            net_bytes=None if both is None else both[0] + both[1],
            sent_bytes=None if both is None else both[1],
            block_bytes=None if self._blocks is None else int(_of(self._blocks)),
            throttled_s=None if self._throttled is None else _of(self._throttled),
        )

    def _first(self, files: "_Files") -> "_Gauge | None":
        for path, reads in files:
            if (file := self._opened(path)) is not None:
                with suppress(OSError, ValueError):
                    reads(os.pread(file, _CHUNK, 0))
                    return file, reads
        return None

    def _opened(self, path: str) -> int | None:
        try:
            file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        self._files.append(file)
        return file


_Reads = Callable[[bytes], float]
_Gauge = tuple[int, _Reads]
_Files = tuple[tuple[str, _Reads], ...]


def _of(gauge: _Gauge) -> float:
    return gauge[1](os.pread(gauge[0], _CHUNK, 0))


def _whole(gauge: _Gauge) -> bytes:
    parts: list[bytes] = []
    while part := os.pread(gauge[0], _CHUNK, sum(map(len, parts))):
        parts.append(part)
    return b"".join(parts)


def _cpu_files(places: Places) -> _Files:
    v1, v2 = _v1(places, "cpuacct", "cpuacct.usage"), _v2(places, "cpu.stat")
    return (*((p, lambda b: int(b) * _NANO) for p in v1), *((p, _usage_usec) for p in v2))


def _memory_files(places: Places) -> _Files:
    both = (*_v1(places, "memory", "memory.usage_in_bytes"), *_v2(places, "memory.current"))
    return tuple((path, float) for path in both)


def _inactive_files(places: Places) -> _Files:
    v1, v2 = _v1(places, "memory", "memory.stat"), _v2(places, "memory.stat")
    return (
        *((p, _value_of(b"\ntotal_inactive_file ")) for p in v1),
        *((p, _value_of(b"\ninactive_file ")) for p in v2),
    )


def _pids_files(places: Places) -> _Files:
    both = (*_v1(places, "pids", "pids.current"), *_v2(places, "pids.current"))
    return tuple((path, float) for path in both)


def _throttled_files(places: Places) -> _Files:
    nano, micro = _value_of(b"\nthrottled_time ", _NANO), _value_of(b"\nthrottled_usec ", _MICRO)
    v1, v2 = _v1(places, "cpu", "cpu.stat"), _v2(places, "cpu.stat")
    return (*((p, nano) for p in v1), *((p, micro) for p in v2))


def _block_files(places: Places) -> _Files:
    v1 = _v1(places, "blkio", "blkio.throttle.io_service_bytes")
    return (*((p, _service_bytes) for p in v1), *((p, _io_stat) for p in _v2(places, "io.stat")))


def _procs_files(places: Places) -> _Files:
    names = ("pids", "cpuacct", "memory", "name=systemd")
    v1 = (path for name in names for path in _v1(places, name, "cgroup.procs"))
    return tuple((path, len) for path in (*_v2(places, "cgroup.procs"), *v1))


def _v1(places: Places, controller: str, name: str) -> tuple[str, ...]:
    place = places.controllers.get(controller)
    return () if place is None else (f"{place}/{name}",)


def _v2(places: Places, name: str) -> tuple[str, ...]:
    return () if places.unified is None else (f"{places.unified}/{name}",)


def _value_of(key: bytes, unit: float = 1) -> _Reads:
    """Return what reads the number behind ``key``, which begins with the line's end before it."""

    def reads(text: bytes) -> float:
        at = text.index(key) + len(key)
        return int(text[at : text.index(b"\n", at)]) * unit

    return reads


def _usage_usec(text: bytes) -> float:
    """Return CPU seconds out of a ``cpu.stat`` of v2, where they come first."""
    return int(text[text.index(b"usage_usec ") + 11 : text.index(b"\n")]) * _MICRO


def _service_bytes(text: bytes) -> float:
    """Return the bytes of ``blkio.throttle.io_service_bytes``: its last line adds them up."""
    return int(text[text.rindex(b"Total ") + 6 :])


def _io_stat(text: bytes) -> float:
    """Return the bytes of ``io.stat``: ``8:0 rbytes=1 wbytes=2 …`` for each device."""
    fields = (field.partition(b"=") for field in text.split())
    return sum(int(value) for name, _, value in fields if name in {b"rbytes", b"wbytes"})


def _network(text: bytes) -> tuple[int, int]:
    """Return bytes received and sent, of a ``/proc/PID/net/dev``, without the loopback."""
    received = sent = 0
    for line in text.splitlines()[2:]:
        name, _, rest = line.partition(b":")
        if rest and name.strip() != b"lo":
            fields = rest.split()
            received, sent = received + int(fields[0]), sent + int(fields[8])
    return received, sent
