"""What the local backend keeps in memory about one attempt."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from supervisor.adapters.local.members import Target
from supervisor.adapters.local.procfs import Ident, Process
from supervisor.ports import Gone, Ref


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """One attempt that this engine launched or adopted; belongs to the event loop's thread."""

    ref: Ref
    directory: str
    leave_leftovers: bool = False
    shim: Ident | None = None
    stopping: bool = False
    """A stop was asked for: now nothing of it may live on."""
    verdict: Gone | None = None
    """How the command ended, while leftovers are still being ended."""
    known: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once it is launched, judged or over; before that there is nothing to act on."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    announced: bool = False
    """It was reported alive."""
    doubt: str = ""
    """Why it was reported unknown."""
    sessions_ever: set[int] = field(default_factory=set[int])
    _seen: frozenset[Ident] = frozenset()
    _sessions: frozenset[int] = frozenset()

    def target(self) -> Target:
        """Return what is needed to find its processes, as it is now."""
        return Target(
            ref=self.ref,
            directory=self.directory,
            shim=self.shim,
            seen=self._seen,
            sessions=self._sessions,
        )

    def sessions(self) -> frozenset[int]:
        """Return the sessions its processes are known to be in."""
        return self._sessions | {self.shim.pid} if self.shim else self._sessions

    def remember(self, members: Iterable[Process]) -> None:
        """Keep who belongs to it, for the time when their parents are gone."""
        found = tuple(members)
        self._seen = frozenset(each.ident for each in found)
        # Only sessions whose leader is a member: an operator's shell that carries the mark is one
        # process; the login it runs in is none of ours.
        self._sessions = frozenset(each.session for each in found if each.session == each.ident.pid)
