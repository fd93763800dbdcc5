"""What the kernel says about processes, read from /proc without a library's overhead."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class Ident:
    """One process and no other: a pid is used again, a pid with its start time is not."""

    pid: int
    start: int
    """Clock ticks after boot, field 22 of ``stat``."""


@dataclass(frozen=True, slots=True)
class Process:
    """One process at one moment."""

    ident: Ident
    name: str
    state: str
    parent: int
    session: int
    cpu_s: float
    """Used by itself and by its children that were waited for."""
    rss_bytes: int

    @property
    def dead(self) -> bool:
        """Whether it has ended and only waits to be reaped."""
        return self.state in "ZX"


@cache
def boot_id() -> str:
    """Return the id of this boot of the machine; a process of another boot cannot live."""
    return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def parse_stat(line: bytes) -> Process:
    """Read one line of ``/proc/PID/stat``.

    Raises:
        ValueError: it is not a whole line.
    """
    # The name stands in parentheses and may hold any byte, parentheses and blanks too.
    left, right = line.index(b"("), line.rindex(b")")
    fields = line[right + 2 :].split()
    if len(fields) < 22:
        raise ValueError(f"not a stat line: {line[:80]!r}")
    ticks = int(fields[11]) + int(fields[12]) + int(fields[13]) + int(fields[14])
    return Process(
        ident=Ident(int(line[:left]), int(fields[19])),
        name=line[left + 1 : right].decode("utf-8", "replace"),
        state=fields[0].decode("ascii"),
        parent=int(fields[1]),
        session=int(fields[3]),
        cpu_s=ticks / TICKS_PER_S,
        rss_bytes=int(fields[21]) * _PAGE,
    )


def process(pid: int) -> Process | None:
    """Return what is known about ``pid`` now; None when there is no such process."""
    stat = _read(f"/proc/{pid}/stat")
    return parse_stat(stat) if stat else None


def start_of(pid: int) -> int:
    """Return when ``pid`` began, in clock ticks after boot; 0 when there is no such process."""
    try:
        file = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return 0
    try:
        # The kernel gives the whole line at once.
        stat = os.read(file, _CHUNK)
    except OSError:  # ESRCH: it ended between open and read
        return 0
    finally:
        os.close(file)
    return int(stat[stat.rindex(b")") :].split(None, 21)[20])


def lives(ident: Ident) -> bool:
    """Return whether just this process still runs (one that waits to be reaped does not)."""
    now = process(ident.pid)
    return now is not None and now.ident == ident and not now.dead


def processes() -> dict[int, Process]:
    """Return every process of the machine by pid, in one pass."""
    found = (process(pid) for pid in _pids())
    return {each.ident.pid: each for each in found if each is not None}


def children() -> list[int]:
    """Return the pids of the main thread's own children, zombies and adopted orphans included.

    The kernel gives an orphan to the first living thread of its reaper, which is the main one
    (find_new_reaper in kernel/exit.c); what other threads start stays their own until they end.
    """
    return [int(pid) for pid in _read(f"/proc/self/task/{os.getpid()}/children").split()]


def waited_s(pid: int) -> float:
    """Return how long a process was ready to run without a core; 0 where the kernel does not say.

    Second field of ``/proc/PID/schedstat`` (Documentation/scheduler/sched-stats.rst), in nanoseconds;
    it counts the first thread alone.
    """
    fields = _read(f"/proc/{pid}/schedstat").split()
    return int(fields[1]) * 1e-9 if len(fields) > 1 else 0.0


def environ(pid: int) -> bytes:
    """Return the environment a process was started with; empty if it is not ours to read."""
    return _read(f"/proc/{pid}/environ")


def command_line(pid: int) -> bytes:
    """Return the arguments of a process, each ended by a NUL; empty if it is gone."""
    return _read(f"/proc/{pid}/cmdline")


def outputs(pid: int) -> Iterator[str]:
    """Yield the paths that standard output and error of a process lead to."""
    for number in (1, 2):
        try:
            yield str(Path(f"/proc/{pid}/fd/{number}").readlink())
        except OSError:  # gone, closed, or another user's
            continue


def _pids() -> list[int]:
    with os.scandir("/proc") as entries:
        return [int(entry.name) for entry in entries if entry.name.isdecimal()]


def _read(path: str) -> bytes:
    """Return a whole small file of /proc; empty when the process is gone or not ours to read."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        parts: list[bytes] = []
        while part := os.read(file, _CHUNK):
            parts.append(part)
        return b"".join(parts)
    except OSError:  # ESRCH: it ended between open and read
        return b""
    finally:
        os.close(file)
