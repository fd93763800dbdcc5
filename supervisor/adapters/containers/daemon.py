"""Tells what the container engine itself and its machine use, where both are here."""

import socket
import struct
from pathlib import Path, PurePath

from supervisor.adapters.local.procfs import TICKS_PER_S, process

_ENGINES = frozenset({"dockerd", "podman", "docker-engine"})
_PIDFILE = "/var/run/docker.pid"


def daemon_pid(path: str) -> int | None:
    """Return the process that listens on the socket ``path``; None: not an engine of this machine."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(1.0)
        try:
            line.connect(path)
            said = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)
        except OSError:
            return None
    pid = int(struct.unpack("3i", said)[0])
    if _is_engine(pid):
        return pid
    if pid != 1:
        return None
    # systemd opened the socket and handed it over.
    try:
        pid = int(Path(_PIDFILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return pid if _is_engine(pid) else None


def cpu_s_of(pid: int) -> float | None:
    """Return the CPU seconds that a process has used itself; None when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return None
    fields = stat[stat.rindex(b")") + 2 :].split()
    return (int(fields[11]) + int(fields[12])) / TICKS_PER_S


def host_cpu_s() -> float | None:
    """Return the CPU seconds that this machine was not idle, over all its cores, since it started."""
    try:
        with open("/proc/stat", "rb") as file:  # noqa: PTH123 - read every few seconds
            fields = [int(field) for field in file.readline().split()[1:9]]
    except OSError:
        return None
    # user nice system idle iowait irq softirq steal
    return (sum(fields) - fields[3] - fields[4]) / TICKS_PER_S


def _is_engine(pid: int) -> bool:
    seen = process(pid) if pid > 0 else None
    return seen is not None and PurePath(seen.name).name in _ENGINES
