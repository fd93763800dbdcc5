"""Which attempts this engine knows, and in which sessions their processes are."""

from collections.abc import Collection, Iterable

from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.members import Found, Target
from supervisor.core.places import attempt_dir
from supervisor.ports import Ref


class Roster:
    """Every attempt from its entry until it is forgotten."""

    def __init__(self, state_dir: str) -> None:
        self._state_dir = state_dir
        self._attempts: dict[Ref, Attempt] = {}
        self._running: dict[Ref, Attempt] = {}
        self._sessions: dict[int, Ref] = {}

    @property
    def sessions(self) -> Collection[int]:
        """The sessions of all attempts that are not over."""
        return self._sessions.keys()

    def enter(self, ref: Ref, *, leave_leftovers: bool = False) -> Attempt | None:
        """Take a new attempt in; None if it is known already."""
        if ref in self._attempts:
            return None
        directory = attempt_dir(self._state_dir, ref.task, ref.attempt)
        attempt = Attempt(ref=ref, directory=directory, leave_leftovers=leave_leftovers)
        self._attempts[ref] = self._running[ref] = attempt
        return attempt

    def get(self, ref: Ref) -> Attempt:
        """Return an attempt that was entered."""
        return self._attempts[ref]

    def running(self, refs: Iterable[Ref]) -> list[Attempt]:
        """Return those of ``refs`` that are not over, each once; unknown ones are left out."""
        known = (self._running.get(ref) for ref in dict.fromkeys(refs))
        return [each for each in known if each is not None]

    def targets(self) -> list[Target]:
        """Return how to find the processes of all attempts that are not over."""
        return [each.target() for each in self._running.values()]

    def note_sessions(self, attempt: Attempt) -> None:
        """Keep in which sessions the attempt is, so that an orphan is told from a stranger."""
        for session in attempt.sessions():
            attempt.sessions_ever.add(session)
            self._sessions.setdefault(session, attempt.ref)

    def remember(self, found: Found) -> None:
        """Keep what a look found, for the time when the line of parents is broken."""
        for ref, members in found.items():
            attempt = self._running.get(ref)
            if attempt:
                attempt.remember(members)
                self.note_sessions(attempt)

    def over(self, attempt: Attempt) -> None:
        """Take note that nothing of the attempt lives any more."""
        del self._running[attempt.ref]
        for session in attempt.sessions_ever:
            if self._sessions.get(session) == attempt.ref:
                del self._sessions[session]

    def forget(self, refs: Iterable[Ref]) -> None:
        """Drop those that are over."""
        for ref in refs:
            if ref not in self._running:
                self._attempts.pop(ref, None)
