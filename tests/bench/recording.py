"""What a program in a terminal costs: bytes and CPU while time passes, or keys are pressed."""

import os
import statistics
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.terminal import Terminal

MOVES_A_SECOND = 10


class Recording:
    """Measures a program that runs in ``ui``."""

    def __init__(self, ui: Terminal) -> None:
        self._ui = ui

    def start(self, text: bytes) -> int:
        """Wait until ``text`` is shown and the screen is still; return the bytes until then."""
        self._ui.wait_for(text, timeout_s=120.0)
        self._ui.settle(1.0)
        return len(self._ui.written)

    def steady(self, seconds: float) -> tuple[float, float]:
        """Let time pass; return bytes a second, and CPU of the program in percent of a core."""
        cpu, written, began = self._cpu_s(), len(self._ui.written), time.perf_counter()
        self._pass_until(began + seconds)
        took = time.perf_counter() - began
        return (
            (len(self._ui.written) - written) / took,
            (self._cpu_s() - cpu) / took * 100,
        )

    def quiet(self, seconds: int) -> float:
        """Let time pass in which nothing happens; return the bytes of the median second.

        The clock of a screen goes on once a minute, and that is no traffic.
        """
        return statistics.median(self.steady(1.0)[0] for _ in range(seconds))

    def keys(self, keys: Sequence[bytes], gap_s: float) -> float:
        """Press keys at a pace; return bytes a key."""
        written = len(self._ui.written)
        for key in keys:
            self._ui.send(key)
            self._pass_until(time.perf_counter() + gap_s)
        self._ui.settle(0.3)
        return (len(self._ui.written) - written) / len(keys)

    def moves(self, seconds: float) -> float:
        """Move the pointer about; return bytes a second."""
        count = round(seconds * MOVES_A_SECOND)
        pointer = [b"\x1b[<35;%d;%dM" % (10 + n * 7 % 100, 4 + n * 3 % 32) for n in range(count)]
        return self.keys(pointer, 1 / MOVES_A_SECOND) * MOVES_A_SECOND

    def _pass_until(self, deadline: float) -> None:
        while (left := deadline - time.perf_counter()) > 0:
            self._ui.read(left)

    def _cpu_s(self) -> float:
        """Return the CPU seconds of the program and of what it started."""
        ticks = 0
        for pid in _family(self._ui.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except FileNotFoundError:
                continue
            ticks += sum(int(value) for value in fields[11:15])
        return ticks / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))
