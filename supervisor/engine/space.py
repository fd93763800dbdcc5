"""Watches the room on the disks of state and containers; tells the core when it is out, or back."""

import logging
from collections.abc import Awaitable, Callable

from supervisor.core.events import DiskChanged, Event
from supervisor.ports import Clock, SupervisorError

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
        docker_free: Callable[[], Awaitable[int | None]] | None = None,
    ) -> None:
        """``docker_free`` tells the room on the container engine's disk; None: nobody can."""
        self._docker_free = docker_free
        self._docker_low: str | None = None
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
            await self.look_at_docker()
            await self._clock.sleep_until(self._clock.now() + _EVERY_S)

    def look(self) -> None:
        """Compare free space with the floor now."""
        try:
            free = self._free_bytes()
        except OSError as error:
            log.warning("free space is unknown", exc_info=error)
            return
        self._low = self._judged(free, "free", self._low)
        self._tell()

    async def look_at_docker(self) -> None:
        """Do the same with the disk on which containers write; unknown is not full."""
        if self._docker_free is None or not self._floor_bytes():
            return
        try:
            free = await self._docker_free()
        except SupervisorError as error:
            log.warning("free space of the container engine is unknown", exc_info=error)
            return
        if free is not None:
            self._docker_low = self._judged(free, "free on Docker's disk", self._docker_low)
            self._tell()

    def _judged(self, free: int, where: str, before: str | None) -> str | None:
        """Return why nothing may be launched; the words stay while it lasts."""
        floor = self._floor_bytes()
        if free >= floor:
            return None
        if before is not None:
            return before
        return f"{free / _GIB:.1f} GiB {where}, below the floor of {floor / _GIB:.1f} GiB"

    def journal(self, reason: str | None) -> None:
        """Take in that the journal has no space (None: it has again)."""
        self._journal = reason
        # The core's own word about it waits for the very commit that fails: show it at once.
        self._banner("disk", reason)
        self._tell()

    def _tell(self) -> None:
        reason = self._journal or self._low or self._docker_low
        if (reason is None) != (self._told is None):
            self._told = reason
            self._offer(DiskChanged(reason=reason))
