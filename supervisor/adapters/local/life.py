"""Follows each attempt from launch or judgement to its one end, and reports both.

Everything here runs in the event loop's thread; the order of truth about an end is the kernel's
word about our own child, then the shim's record, then the claim, then a tombstone.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from supervisor.adapters.local.adopt import (
    Finished,
    Headless,
    Judgement,
    Living,
    Lost,
    Undecided,
    judge,
)
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.closing import Closing, InThread, Kind, Seen
from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.oom import OomWatch
from supervisor.adapters.local.parting import Parting
from supervisor.adapters.local.records import Claimed, Torn, read_claim, read_exit
from supervisor.adapters.local.roster import Roster
from supervisor.adapters.local.shim import UNCLAIMED
from supervisor.adapters.local.spawn import Outcome, Refused, Spawned, Taken, is_full
from supervisor.adapters.local.stop import describe
from supervisor.adapters.local.telling import Telling
from supervisor.adapters.local.watch import Status, Watch
from supervisor.core.models import ErrorClass
from supervisor.ports import Gone, Report

log = logging.getLogger(__name__)


class Life:
    """Moves attempts along. ``tell`` gets every report, and any error that must not be hidden."""

    def __init__(
        self,
        roster: Roster,
        *,
        uuid: str,
        loop: asyncio.AbstractEventLoop,
        now: Callable[[], float],
        in_thread: InThread,
        tell: Callable[[Report | BaseException], None],
        launching: Launching,
        leftovers_grace_s: float,
        unkillable_s: float,
        adopts_orphans: bool,
    ) -> None:
        self._roster = roster
        self._now = now
        self._tell = tell
        self._launching = launching
        self._watch = Watch(loop)
        self._patience_s = leftovers_grace_s + unkillable_s
        self._oom = OomWatch(loop.time)
        self._closing = Closing(
            uuid=uuid,
            grace_s=leftovers_grace_s,
            loop=loop,
            in_thread=in_thread,
            everyone=roster.targets,
            served=self._served,
            crashed=tell,
        )
        self._telling = Telling(roster, now=now, tell=tell, settle=self._closing.settle)
        self._parting = (
            Parting(
                roster,
                launching,
                loop=loop,
                leftovers=lambda attempt: self._close(attempt, Kind.LEFTOVERS),
                conclude=self._telling.conclude,
            )
            if adopts_orphans
            else None
        )

    def launched(self, outcomes: Sequence[Outcome], judgements: Mapping[str, Judgement]) -> None:
        """Take note of what the spawner did; ``judgements`` (by directory) are of those taken."""
        now = self._now()
        for outcome in outcomes:
            attempt = self._roster.get(outcome.ref)
            match outcome:
                case Spawned(_, shim, pidfd):
                    attempt.shim = shim
                    self._roster.note_sessions(attempt)
                    self._launching.known(shim.pid)
                    self._watch.child(attempt.ref, shim, pidfd, partial(self._shim_ended, attempt))
                    self._telling.announce(attempt, shim.pid, now)
                case Taken():
                    self.judged(attempt, judgements[attempt.directory])
                case Refused(_, error_class, cause):
                    self._telling.refuse(attempt, error_class, cause)

    def judged(self, attempt: Attempt, judgement: Judgement) -> None:
        """Go on with an attempt that an earlier engine launched."""
        match judgement:
            case Living(claim):
                self._closing.settle(attempt.ref)
                self._telling.recognise(attempt, claim)
                self._watch.stranger(attempt.ref, claim.shim, partial(self._shim_ended, attempt))
                self._telling.announce(attempt, claim.shim.pid, claim.at)
            case Finished(code, ended_at, claim):
                self._telling.recognise(attempt, claim)
                attempt.verdict = Gone(ref=attempt.ref, code=code, ended_at=ended_at)
                if attempt.leave_leftovers and not attempt.stopping:
                    self._telling.conclude(attempt)
                else:
                    self._close(attempt, Kind.LEFTOVERS)
            case Headless(claim):
                self._telling.recognise(attempt, claim)
                self._behead(attempt, "its shim was killed, so nobody knows how it ended")
            case Lost(cause):
                self._telling.refuse(attempt, ErrorClass.LOST, cause)
            case Undecided():
                self._close(attempt, Kind.UNDECIDED)

    def hurry(self) -> None:
        """Look at once after those whose end is awaited."""
        self._closing.hurry()

    def sweep(self) -> None:
        """Reap orphans that died meanwhile, and note whether memory ran out."""
        self._oom.look()
        if self._parting is not None:
            self._parting.reap()

    def close(self) -> None:
        """Follow no longer; the attempts live on."""
        self._watch.close()
        self._closing.close()

    def _shim_ended(self, attempt: Attempt, status: Status | None) -> None:
        try:
            self._judge_end(attempt, status)
        except Exception as error:  # noqa: BLE001 - the loop would only log it; the reader must know
            self._tell(error)

    def _judge_end(self, attempt: Attempt, status: Status | None) -> None:
        if status is None:
            self.judged(attempt, judge(attempt.directory))
        elif status.killed:
            self._shim_killed(attempt, status)
        elif status.code == UNCLAIMED and read_exit(attempt.directory) is None:
            self._nothing_ran(attempt)
        else:
            self._ended(attempt, status.code)

    def _ended(self, attempt: Attempt, code: int) -> None:
        attempt.verdict = Gone(
            ref=attempt.ref,
            code=code,
            ended_at=self._now(),
            oom_killed=code == 137 and not attempt.stopping and self._oom.killed_lately(),
        )
        if attempt.leave_leftovers and not attempt.stopping:
            self._telling.conclude(attempt)
        elif self._parting is not None:
            self._parting.ended(attempt)
        else:
            self._close(attempt, Kind.LEFTOVERS)

    def _shim_killed(self, attempt: Attempt, status: Status) -> None:
        """A stranger, or a stop that found no command yet, killed the shim itself."""
        record = read_exit(attempt.directory)
        if record:
            self._ended(attempt, record.code)
        elif attempt.stopping:
            attempt.verdict = Gone(ref=attempt.ref, code=status.code, ended_at=self._now())
            self._close(attempt, Kind.LEFTOVERS)
        else:
            self._behead(
                attempt,
                f"its shim was killed (signal {status.code - 128}), so nobody knows how it ended",
            )

    def _nothing_ran(self, attempt: Attempt) -> None:
        """The shim could not claim: somebody else did, or there was no space for it."""
        claim = read_claim(attempt.directory)
        if isinstance(claim, Claimed) and claim.shim == attempt.shim:
            self._ended(attempt, UNCLAIMED)  # the command's own code; only its record is missing
        elif isinstance(claim, Claimed):
            self.judged(attempt, judge(attempt.directory))
        elif is_full(attempt.directory):
            self._telling.refuse(attempt, ErrorClass.DISK_FULL, f"no space in {attempt.directory}")
        elif isinstance(claim, Torn):
            self._telling.refuse(
                attempt, ErrorClass.LOST, f"could not write {attempt.directory}/started"
            )
        else:
            self.judged(attempt, judge(attempt.directory))

    def _behead(self, attempt: Attempt, cause: str) -> None:
        attempt.verdict = Gone(
            ref=attempt.ref, code=None, ended_at=self._now(), preset=ErrorClass.LOST, cause=cause
        )
        self._close(attempt, Kind.HEADLESS)

    def _close(self, attempt: Attempt, kind: Kind) -> None:
        attempt.known.set()
        self._closing.open(attempt, kind)

    def _served(self, seen: Seen) -> None:
        """Go on with the attempts that waited, after a look at all processes."""
        self._roster.remember(seen.members)
        if self._parting is not None:
            self._parting.explained(seen.members, seen.since)
        for case in list(self._closing.cases.values()):
            attempt = case.attempt
            judgement = seen.judgements.get(attempt.ref)
            members = seen.members.get(attempt.ref)
            if isinstance(judgement, Undecided):
                self._telling.doubt(attempt, judgement, seen.since - case.since)
            elif judgement is not None:
                self.judged(attempt, judgement)
            elif case.kind is Kind.UNDECIDED or members is None or case.since > seen.since:
                continue  # it came after this look had begun
            elif not members:
                self._telling.conclude(attempt)
            elif case.kind is Kind.LEFTOVERS and seen.since - case.since > self._patience_s:
                log.warning(
                    "leftovers do not die",
                    extra={"task": attempt.ref.task, "processes": describe(members)},
                )
                self._telling.conclude(attempt)
            elif case.kind is Kind.HEADLESS and not attempt.announced:
                self._telling.announce(attempt, members[0].ident.pid, self._now())
