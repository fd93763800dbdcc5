"""Watches the room on the state directory's disk and tells the core when it runs out or is back."""

import logging
from collections.abc import Callable

from supervisor.core.events import DiskChanged, Event
from supervisor.ports import Clock

log = logging.getLogger(__name__)

_EVERY_S = 15.0
_GIB = 1 << 30


class Space:
    """Joins two signs of a full disk: free space below the floor, and a commit that failed."""

    def __init__(
        self,
        *,
        free_bytes: Callable[[], int],
        floor_bytes: Callable[[], int],
        clock: Clock,
        offer: Callable[[Event], None],
        banner: Callable[[str, str | None], None],
    ) -> None:
        self._free_bytes = free_bytes
        self._floor_bytes = floor_bytes
        self._clock = clock
        self._offer = offer
        self._banner = banner
        self._low: str | None = None
        self._journal: str | None = None
        self._told: str | None = None

    async def run(self) -> None:
        """Look every 15 seconds until cancelled."""
        while True:
            self.look()
            await self._clock.sleep_until(self._clock.now() + _EVERY_S)

    def look(self) -> None:
        """Compare free space with the floor now."""
        try:
            free = self._free_bytes()
        except OSError as error:
            log.warning("free space is unknown", exc_info=error)
            return
        floor = self._floor_bytes()
        if free >= floor:
            self._low = None
        elif self._low is None:
            self._low = f"{free / _GIB:.1f} GiB free, below the floor of {floor / _GIB:.1f} GiB"
        self._tell()

    def journal(self, reason: str | None) -> None:
        """Take in that the journal has no space (None: it has again)."""
        self._journal = reason
        # The core's own word about it waits for the very commit that fails: show it at once.
        self._banner("disk", reason)
        self._tell()

    def _tell(self) -> None:
        reason = self._journal or self._low
        if (reason is None) != (self._told is None):
            self._told = reason
            self._offer(DiskChanged(reason=reason))
