"""Virtual time: what is due is done in order, and nothing takes any time."""

import heapq
from collections.abc import Callable
from itertools import count


class Clockwork:
    """A clock that jumps from one thing that is due to the next."""

    def __init__(self, now: float) -> None:
        self.now = now
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    def at(self, when: float, do: Callable[[], None]) -> None:
        """Have ``do`` done at ``when`` (Unix seconds), at once if that is past."""
        heapq.heappush(self._due, (max(when, self.now), next(self._order), do))

    def after(self, wait_s: float, do: Callable[[], None]) -> None:
        """Have ``do`` done in ``wait_s`` seconds."""
        self.at(self.now + wait_s, do)

    def run(self, until: float) -> None:
        """Do all that is due before ``until``; then it is that late."""
        while self._due and self._due[0][0] < until:
            self.now, _, do = heapq.heappop(self._due)
            do()
        self.now = until
