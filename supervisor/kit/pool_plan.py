"""Which items a pool hands out next, what a lost worker costs, and when all of them pause.

Only decisions: nothing here starts a process or waits. Times are those of whoever calls.
"""

from collections import deque
from collections.abc import Iterable

_CHUNK_S = 0.05
"""So much work at most is handed out at once: results are told soon, and little waits behind it."""
_MOST = 256
_WEIGHT = 0.2


class PoolPlan:
    """What is to be done of ``total`` items, in their order."""

    def __init__(self, total: int, *, crash_retries: int, workers: int, max_pauses: int) -> None:
        self._ready: deque[int] = deque(range(total))
        self._alone: deque[int] = deque()
        self._losses: dict[int, int] = {}
        self._crash_retries = crash_retries
        self._workers = workers
        self._max_pauses = max_pauses
        self._item_s: float | None = None
        self._in_a_row = 0
        self._resumed_at = float("-inf")
        self.is_paused = False
        self.pause_count = 0

    @property
    def has_more(self) -> bool:
        """Tell whether items wait to be handed out."""
        return bool(self._ready or self._alone)

    @property
    def gives_up(self) -> bool:
        """Tell whether limits were waited for too often with nothing done between."""
        return self._in_a_row > self._max_pauses

    def take(self) -> list[int]:
        """Return the items for a free worker; none while paused.

        An item whose worker was lost goes alone: what it may poison is only itself.
        """
        if self.is_paused:
            return []
        if self._alone:
            return [self._alone.popleft()]
        return [self._ready.popleft() for _ in range(min(self._many(), len(self._ready)))]

    def give_back(self, indices: Iterable[int]) -> None:
        """Take back items that were handed out and not begun; they come first again."""
        self._ready.extendleft(reversed(list(indices)))

    def done(self, seconds: float) -> None:
        """Take in that an item worked, and how long it took."""
        known = self._item_s
        self._item_s = seconds if known is None else known + _WEIGHT * (seconds - known)
        self._in_a_row = 0

    def lost(self, index: int) -> bool:
        """Take in that a worker died over an item; tell whether it is tried again."""
        self._losses[index] = self._losses.get(index, 0) + 1
        if self._losses[index] > self._crash_retries:
            return False
        self._alone.append(index)
        return True

    def limited(self, index: int, *, began_at: float, is_new: bool) -> None:
        """Take in that an item met a limit: all pause, and it is done again.

        Several workers meet one limit. What was begun before the last pause ended tells nothing new,
        unless it states a time to come (``is_new``).
        """
        self._ready.appendleft(index)
        if not self.is_paused and (is_new or began_at >= self._resumed_at):
            self.is_paused = True
            self.pause_count += 1
            self._in_a_row += 1

    def resume(self, now: float) -> None:
        """End the pause: from now on all workers are given items again."""
        self.is_paused, self._resumed_at = False, now

    def _many(self) -> int:
        if self._item_s is None:
            return 1
        fair = len(self._ready) // (2 * self._workers)
        quick = _MOST if self._item_s <= 0 else int(_CHUNK_S / self._item_s)
        return max(1, min(_MOST, quick, fair))

    @property
    def budget_s(self) -> float:
        """Return how long a worker may begin further items of what it was given."""
        return _CHUNK_S
