"""Tells what is known of attempts: that they live, that nobody can say, how they ended."""

from collections.abc import Callable
from dataclasses import replace

from supervisor.adapters.local.adopt import Undecided
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.records import Claimed
from supervisor.adapters.local.roster import Roster
from supervisor.core.models import ErrorClass
from supervisor.ports import Alive, Gone, Ref, Report, Unknown

_CLAIM_S = 2.0
"""How long a claim may stay unwritten before that is worth a report."""


class Telling:
    """Reports about attempts and keeps the roster in step; ``settle`` lets go of one that is over."""

    def __init__(
        self,
        roster: Roster,
        *,
        now: Callable[[], float],
        tell: Callable[[Report], None],
        settle: Callable[[Ref], None],
    ) -> None:
        self._roster = roster
        self._now = now
        self._tell = tell
        self._settle = settle

    def recognise(self, attempt: Attempt, claim: Claimed | None) -> None:
        """Take note of who claimed the attempt, if anybody did."""
        if claim:
            attempt.shim = claim.shim
            self._roster.note_sessions(attempt)

    def announce(self, attempt: Attempt, pid: int, started_at: float) -> None:
        """Say that the attempt lives."""
        attempt.announced = True
        attempt.doubt = ""
        attempt.known.set()
        self._tell(Alive(ref=attempt.ref, pid=pid, started_at=started_at))

    def doubt(self, attempt: Attempt, undecided: Undecided, for_s: float) -> None:
        """Say once that nobody knows, when it has been so for longer than a start takes."""
        # A shim that is about to write its claim does so within moments.
        if undecided.unwritten and for_s < _CLAIM_S:
            return
        if attempt.doubt != undecided.reason:
            attempt.doubt = undecided.reason
            self._tell(Unknown(ref=attempt.ref, reason=undecided.reason))

    def conclude(self, attempt: Attempt) -> None:
        """Say how the command ended, now that nothing of it is left."""
        verdict = attempt.verdict
        if verdict is None:
            raise AssertionError(f"{attempt.ref} concluded before its command ended")
        if verdict.preset is ErrorClass.LOST:
            verdict = replace(verdict, ended_at=self._now())
        self._over(attempt, verdict)

    def refuse(self, attempt: Attempt, preset: ErrorClass, cause: str) -> None:
        """Say that the attempt never ran, or nobody will ever know how it ended."""
        self._over(
            attempt,
            Gone(ref=attempt.ref, code=None, ended_at=self._now(), preset=preset, cause=cause),
        )

    def _over(self, attempt: Attempt, end: Gone) -> None:
        self._settle(attempt.ref)
        self._roster.over(attempt)
        attempt.known.set()
        attempt.gone.set()
        self._tell(end)
