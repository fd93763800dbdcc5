"""Tells whether the kernel ran out of memory and killed somebody lately."""

from collections.abc import Callable
from pathlib import Path

_LATELY_S = 10.0


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


class OomWatch:
    """Remembers when the count last rose; ``steady`` gives monotonic seconds."""

    def __init__(self, steady: Callable[[], float], count: Callable[[], int] = kills) -> None:
        self._steady = steady
        self._count = count
        self._kills = count()
        self._rose_at = float("-inf")

    def look(self) -> None:
        """Take note of the count now; the more often, the surer the next answer."""
        before, self._kills = self._kills, self._count()
        if self._kills > before:
            self._rose_at = self._steady()

    def killed_lately(self) -> bool:
        """Return whether somebody was killed within the last seconds."""
        self.look()
        return self._steady() - self._rose_at < _LATELY_S
