"""Brings attempts to rest whose end is not as simple as a shim that left nothing behind.

Three kinds wait here: leftovers of a command that ended (asked to end, then killed), commands whose
shim was killed (waited for: nobody may start the task again beside them), and claims that cannot be
read yet (asked again). All are served by one look over /proc per round; there is no round while
nobody waits.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Protocol, TypeVar

from supervisor.adapters.local.adopt import Judgement, judge
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.members import Found, Target, look
from supervisor.adapters.local.stop import ask, force
from supervisor.ports import Ref

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

_QUICK_S = 0.02
_SLOWEST_S = 0.25
_IDLE_S = 1.0


class Kind(Enum):
    """Why an attempt waits here."""

    LEFTOVERS = "leftovers"
    HEADLESS = "headless"
    UNDECIDED = "undecided"


@dataclass(slots=True)
class Case:
    """One attempt that waits, and since when (monotonic)."""

    attempt: Attempt
    kind: Kind
    since: float
    asked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """What one round does, fixed before it goes to its thread."""

    since: float
    targets: tuple[Target, ...]
    asked: frozenset[Ref]
    forced: frozenset[Ref]
    undecided: Mapping[Ref, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one round found; ``since`` is when it began (monotonic)."""

    since: float
    members: Found
    judgements: Mapping[Ref, Judgement]


class InThread(Protocol):
    """Runs what blocks in another thread."""

    def __call__(self, work: Callable[[], _Result], /) -> "asyncio.Future[_Result]":
        """Return a future of what ``work`` returns."""
        ...


@dataclass(slots=True, kw_only=True)
class Closing:
    """Serves the cases in rounds; ``served`` gets what each round found, in the loop's thread."""

    uuid: str
    grace_s: float
    loop: asyncio.AbstractEventLoop
    in_thread: InThread
    everyone: Callable[[], Sequence[Target]]
    """All attempts: only by comparing with all is an orphan's origin known."""
    served: Callable[[Seen], None]
    crashed: Callable[[BaseException], None]
    cases: dict[Ref, Case] = field(default_factory=dict[Ref, Case])
    _timer: asyncio.TimerHandle | None = None
    _busy: bool = False
    _closed: bool = False
    _delay_s: float = _QUICK_S

    def open(self, attempt: Attempt, kind: Kind) -> None:
        """Take an attempt in; the next round begins at once."""
        # Whoever stops it has asked its processes already.
        case = Case(attempt, kind, self.loop.time(), asked=attempt.stopping)
        self.cases[attempt.ref] = case
        self.hurry()

    def settle(self, ref: Ref) -> None:
        """Let an attempt go."""
        self.cases.pop(ref, None)

    def hurry(self) -> None:
        """Hold a round now if anybody waits."""
        self._delay_s = _QUICK_S
        self._schedule(0.0)

    def close(self) -> None:
        """Hold no more rounds."""
        self._closed = True
        self.cases.clear()
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _schedule(self, delay_s: float) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self.cases and not self._busy and not self._closed:
            self._timer = self.loop.call_later(delay_s, self._round)

    def _round(self) -> None:
        self._timer = None
        self._busy = True
        order = self._order()
        self.in_thread(lambda: _carry_out(order, self.uuid)).add_done_callback(self._done)

    def _order(self) -> _Order:
        asked: set[Ref] = set()
        forced: set[Ref] = set()
        for ref, case in self.cases.items():
            if case.kind is not Kind.LEFTOVERS:
                continue
            if not case.asked:
                case.asked = True
                asked.add(ref)
            elif self.loop.time() - case.since > self.grace_s:
                forced.add(ref)
        return _Order(
            since=self.loop.time(),
            targets=tuple(self.everyone()),
            asked=frozenset(asked),
            forced=frozenset(forced),
            undecided={
                ref: case.attempt.directory
                for ref, case in self.cases.items()
                if case.kind is Kind.UNDECIDED
            },
        )

    def _done(self, future: "asyncio.Future[Seen]") -> None:
        self._busy = False
        if future.cancelled() or self._closed:
            return
        try:
            self.served(future.result())
        except Exception as error:  # noqa: BLE001 - the loop would only log it; the reader must know
            self.crashed(error)
            return
        ending = any(case.kind is Kind.LEFTOVERS for case in self.cases.values())
        self._delay_s = min(self._delay_s * 1.5, _SLOWEST_S if ending else _IDLE_S)
        self._schedule(self._delay_s)


def _carry_out(order: _Order, uuid: str) -> Seen:
    members = look(order.targets, uuid=uuid, thorough=True)
    for ref in order.asked:
        ask(members.get(ref, ()))
    for target in order.targets:
        if target.ref in order.asked and members[target.ref]:
            _note(target.directory, members, target.ref)
    if order.forced:
        targets = [target for target in order.targets if target.ref in order.forced]
        members |= force(lambda: look(targets, uuid=uuid, thorough=True))
    judgements = {
        ref: judge(directory, alone=not members.get(ref))
        for ref, directory in order.undecided.items()
    }
    return Seen(since=order.since, members=members, judgements=judgements)


def _note(directory: str, members: Found, ref: Ref) -> None:
    """Write down what outlived its command, for whoever asks what became of it."""
    names = [f"{each.ident.pid} {each.name}" for each in members[ref]]
    log.warning(
        "processes outlived their command",
        extra={"task": ref.task, "attempt": ref.attempt, "processes": names},
    )
    try:
        Path(directory, "leftovers").write_text("\n".join(names) + "\n", encoding="utf-8")
    except OSError as error:  # a full disk must not keep them alive
        log.warning("cannot note leftovers", extra={"directory": directory, "why": error.strerror})
