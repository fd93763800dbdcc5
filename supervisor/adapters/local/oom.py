"""Tells whether the kernel ran out of memory and killed somebody lately."""

from pathlib import Path


def kills() -> int:
    """Return how many processes the out-of-memory killer has ended since boot."""
    try:
        text = Path("/proc/vmstat").read_text(encoding="ascii")
    except OSError:  # a sandbox that hides it: then no end is ever called an oom kill
        return 0
    for line in text.splitlines():
        if line.startswith("oom_kill "):
            return int(line.split()[1])
    return 0
