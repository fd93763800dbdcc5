"""Which processes still live, by pid, start time and boot."""

from supervisor.cli import disk

_BOOT = "/proc/sys/kernel/random/boot_id"


def boot_id() -> str:
    """Return what tells this boot of the machine from others."""
    return disk.first_line(_BOOT) or ""


def start_ticks(stat: str | None) -> str | None:
    """Return field 22 of a line of ``/proc/PID/stat``; None for none, and for a zombie."""
    fields = (stat or "").rpartition(")")[2].split()
    return fields[19] if len(fields) > 19 and fields[0] not in "ZX" else None


def is_alive(pid: object, ticks: str, boot: object) -> bool:
    """Return whether the process that began at ``ticks`` of boot ``boot`` still lives."""
    return boot == boot_id() and start_ticks(disk.first_line(f"/proc/{pid}/stat")) == ticks
