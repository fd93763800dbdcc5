"""When Python looks for garbage: often through what is new, seldom through all there is.

With 5,000 tasks a look through everything takes so long that a key would feel it. But each change
of screens leaves garbage in circles, and what is not looked for grows by some MiB a minute.
"""

import gc

EVERY_S = 600.0
"""So often everything is looked through, whatever was made meanwhile."""
MUCH = 3
"""Middle looks since the last whole one, each after 7,000 things that were made and stayed."""
_YOUNG, _OLDER, _NEVER = 700, 10, 1_000_000


class Collector:
    """Takes over a collector that was switched off until the first picture; one that was not, stays."""

    def __init__(self) -> None:
        self._whole_at: float | None = None

    def begin(self, now: float) -> None:
        """Let it work again; what is there by now is there to stay."""
        if gc.isenabled():
            return
        gc.freeze()
        gc.set_threshold(_YOUNG, _OLDER, _NEVER)
        gc.enable()
        self._whole_at = now + EVERY_S

    def tick(self, now: float) -> None:
        """Look through what is new once it is much, and through everything when it is time."""
        if self._whole_at is None:
            return
        if now >= self._whole_at:
            self._whole_at = now + EVERY_S
            gc.unfreeze()
        elif gc.get_count()[2] < MUCH:
            return
        gc.collect()
        gc.freeze()  # what is left stays for a while: rows go without any look, as nothing circles
