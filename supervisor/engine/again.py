"""Going on after a fault of the engine's own: the same process becomes a new engine and adopts."""

from collections.abc import Callable, Sequence

_MOST = 3
_WITHIN_S = 600.0

Become = Callable[[Sequence[float]], None]
"""Makes this process a new engine that knows when the ones before it failed; does not return."""


class Again:
    """Counts faults: three times in ten minutes the engine goes on, then it ends loudly."""

    def __init__(
        self, faults: Sequence[float], *, now: Callable[[], float], become: Become
    ) -> None:
        self._now = now
        self._become = become
        self.faults = tuple(faults)
        """When the engines before this one failed, in Unix seconds; the oldest come first."""
        self.goes_on = False
        """The engine failed, and another one may go on in its place."""

    def failed(self) -> None:
        """Take note that the engine failed just now."""
        now = self._now()
        self.faults = (*(at for at in self.faults if now - at < _WITHIN_S), now)
        self.goes_on = len(self.faults) <= _MOST

    def begin(self) -> None:
        """Become the next engine."""
        self._become(self.faults)
