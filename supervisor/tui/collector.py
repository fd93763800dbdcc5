"""When Python looks for garbage: seldom through all there is, which with 5,000 tasks a key would feel."""

import gc

EVERY_S = 60.0
"""So often everything is looked through, whatever was made meanwhile."""
_YOUNG, _OLDER, _NEVER = 700, 10, 1_000_000


class Collector:
    """Takes over a collector that was switched off until the first picture; one that was not, stays."""

    def __init__(self) -> None:
        self._collect_at: float | None = None

    def begin(self, now: float) -> None:
        """Let it work again; what is there by now is there to stay."""
        if gc.isenabled():
            return
        gc.freeze()
        gc.set_threshold(_YOUNG, _OLDER, _NEVER)
        gc.enable()
        self._collect_at = now + EVERY_S

    def tick(self, now: float) -> None:
        """Look through everything when it is time; rows that came since the start come and go."""
        if self._collect_at is not None and now >= self._collect_at:
            self._collect_at = now + EVERY_S
            gc.collect()
