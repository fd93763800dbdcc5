"""Tells the ends that left nothing behind from those that may have, many by one look."""

import asyncio
from collections.abc import Callable

from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.members import Found
from supervisor.adapters.local.orphans import Orphans
from supervisor.adapters.local.roster import Roster

_MOMENT_S = 0.001
"""A start takes about as long."""


class Parting:
    """Looks at the children that an engine got as the reaper of orphans.

    ``conclude`` gets each ended attempt that left nothing, ``leftovers`` the others.
    """

    def __init__(
        self,
        roster: Roster,
        launching: Launching,
        *,
        loop: asyncio.AbstractEventLoop,
        leftovers: Callable[[Attempt], None],
        conclude: Callable[[Attempt], None],
    ) -> None:
        self._roster = roster
        self._orphans = Orphans(launching)
        self._loop = loop
        self._leftovers = leftovers
        self._conclude = conclude
        self._ended: list[Attempt] = []

    def ended(self, attempt: Attempt) -> None:
        """Take in an attempt whose command ended."""
        # All that ended by now share one look at our children, in the loop's next turn.
        if not self._ended:
            self._loop.call_soon(self._part)
        self._ended.append(attempt)

    def reap(self) -> None:
        """Reap orphans that died meanwhile."""
        self._orphans.left_by((), self._roster.sessions, self._loop.time())

    def explained(self, found: Found, since: float) -> None:
        """Take note of a thorough look at all processes that began at ``since`` (monotonic)."""
        self._orphans.explained(found, since)

    def _part(self) -> None:
        sessions = {number for each in self._ended for number in each.sessions()}
        left = self._orphans.left_by(sessions, self._roster.sessions, self._loop.time())
        if left is None:
            self._loop.call_later(_MOMENT_S, self._part)
            return
        ended, self._ended = self._ended, []
        for attempt in ended:
            if left:
                self._leftovers(attempt)
            else:
                self._conclude(attempt)
