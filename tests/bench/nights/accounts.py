"""The modelled services: each call is answered or refused, and each refusal has a cause with a name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from tests.bench.nights import texts
from tests.bench.nights.clockwork import Clockwork
from tests.bench.nights.plan import HOUR, Plan

FIRST_CALL_S = 6.0
"""Between the start of a runner and its first call."""
SDK_S = 45.0
"""How long the SDK in a runner tries again when servers fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """What a service says instead of an answer."""

    cause: str
    """Name of the state of the world it comes from, such as ``trapi/token 3``."""
    text: str
    then: Literal["next", "die", "again"]
    """What the runner does: goes on with its next sample, dies, or lets its SDK try again."""
    wait_s: float = 0.0
    """Before the SDK tries again."""


class Account(Protocol):
    """A service as one batch sees it."""

    def enter(self) -> int:
        """Return what an attempt that starts now takes along, such as its token."""
        ...

    def call(self, ticket: int, live: int, *names: object) -> Refusal | None:
        """Answer a call of an attempt that took ``ticket`` along while ``live`` attempts run."""
        ...

    def ping(self) -> str:
        """Return what the least of all calls is refused with; empty: it is answered."""
        ...

    def doom(self) -> str | None:
        """Return the cause for which an attempt that starts now has to fail; None: it has not."""
        ...

    def renew(self) -> None:
        """Renew the credential."""
        ...

    def room(self, at: float) -> int:
        """Return how many attempts can get on side by side at ``at``."""
        ...


Freed = Callable[[str], None]
"""Told the name of an account that was unusable and is usable again."""


class Tokens:
    """An account whose token dies after an hour or so; attempts read it once, at their start."""

    def __init__(self, plan: Plan, clock: Clockwork, freed: Freed) -> None:
        self._plan, self._clock, self._freed = plan, clock, freed
        self._dies_at = [plan.token_dies_at]
        self._text = texts.drawn(plan.chance, texts.DEAD_TOKEN)
        clock.at(self._dies_at[0], self._die)

    def enter(self) -> int:
        return len(self._dies_at) - 1

    def call(self, ticket: int, live: int, *names: object) -> Refusal | None:
        if self._clock.now < self._dies_at[ticket]:
            return None
        return Refusal(cause=self._cause(ticket), text=self._text, then="next")

    def ping(self) -> str:
        return "" if self.doom() is None else self._text

    def doom(self) -> str | None:
        dead = self._clock.now >= self._dies_at[-1]
        return self._cause(self.enter()) if dead else None

    def renew(self) -> None:
        dead = self.doom() is not None
        self._dies_at.append(self._clock.now + self._plan.token_lives_s)
        self._clock.at(self._dies_at[-1], self._die)
        if dead:
            self._freed("trapi")

    def room(self, at: float) -> int:
        return 1000

    def _cause(self, ticket: int) -> str:
        return f"trapi/token {ticket}"

    def _die(self) -> None:
        """The operator's own cron job renews it, but late."""
        if self.doom() is None:
            return
        ticket = self.enter()
        lag_s = self._plan.chance.between(*self._plan.cron_lag_s, "cron", ticket)
        self._clock.after(lag_s, lambda: self.renew() if self.enter() == ticket else None)


class Windows:
    """An account with so many calls in five hours, and so many in a week."""

    def __init__(self, plan: Plan, clock: Clockwork, freed: Freed) -> None:
        self._plan, self._clock, self._freed = plan, clock, freed
        self._ends_at = _minute(plan.window_opened_at + 5 * HOUR)
        self._left = plan.window_calls
        self._week_left = plan.week_calls
        self._window_text = texts.drawn(plan.chance, texts.WINDOW)
        self._week_text = texts.drawn(plan.chance, texts.WEEK)
        clock.at(plan.week_ends_at, self._week_over)

    def enter(self) -> int:
        return 0

    def call(self, ticket: int, live: int, *names: object) -> Refusal | None:
        now = self._clock.now
        if now >= self._ends_at:
            self._ends_at = _minute(now + 5 * HOUR)
            self._left = self._plan.window_calls
        cause = self._shut()
        if cause is None:
            self._left -= 1
            self._week_left -= 1
            if not self._left:
                self._clock.at(self._ends_at, self._tell)
            return None
        return Refusal(cause=cause, text=self._words(cause), then="die")

    def ping(self) -> str:
        cause = self._shut()
        return "" if cause is None else self._words(cause)

    def doom(self) -> str | None:
        # Until the first call, so much time may pass that it is free again.
        return self._shut(FIRST_CALL_S)

    def renew(self) -> None:
        """Nothing renews it but time."""

    def room(self, at: float) -> int:
        return 1000

    def _shut(self, in_s: float = 0.0) -> str | None:
        now = self._clock.now + in_s
        if self._week_left <= 0 and now < self._plan.week_ends_at:
            return "claude/week"
        if self._left <= 0 and now < self._ends_at:
            return f"claude/window {self._ends_at:.0f}"
        return None

    def _words(self, cause: str) -> str:
        week = "week" in cause
        return texts.reset_words(
            self._week_text if week else self._window_text,
            self._plan.week_ends_at if week else self._ends_at,
        )

    def _week_over(self) -> None:
        was_shut = self._week_left <= 0
        self._week_left = 1 << 40
        if was_shut:
            self._tell()

    def _tell(self) -> None:
        if self._shut() is None:
            self._freed("claude")


class PerMinute:
    """An account with room for so many at once, whose servers are out at times."""

    def __init__(self, plan: Plan, clock: Clockwork, freed: Freed) -> None:
        self._plan, self._clock = plan, clock
        self._room_text = texts.drawn(plan.chance, texts.TOKENS_PER_MINUTE)
        self._outage_text = texts.drawn(plan.chance, texts.OUTAGE)
        for _, ends_at in plan.outages:
            clock.at(ends_at, lambda: freed("openai"))

    def enter(self) -> int:
        return 0

    def call(self, ticket: int, live: int, *names: object) -> Refusal | None:
        cause = self._outage(0.0)
        if cause is not None:
            return Refusal(cause=cause, text=self._outage_text, then="again", wait_s=SDK_S / 4)
        room = self.room(self._clock.now)
        if live <= room or self._plan.chance.share("per minute", *names) >= 1 - room / live:
            return None
        wait_s = self._plan.chance.between(2, 9, "wait", *names)
        text = self._room_text.format(wait=wait_s)
        return Refusal(cause="openai/per minute", text=text, then="again", wait_s=wait_s)

    def ping(self) -> str:
        return "" if self._outage(0.0) is None else self._outage_text

    def doom(self) -> str | None:
        return self._outage(FIRST_CALL_S + SDK_S) and self._outage(FIRST_CALL_S)

    def renew(self) -> None:
        """Nothing renews it but time."""

    def room(self, at: float) -> int:
        squeezed = [room for begin, end, room in self._plan.squeezes if begin <= at < end]
        return min((*squeezed, self._plan.room))

    def _outage(self, in_s: float) -> str | None:
        at = self._clock.now + in_s
        for number, (begin, end) in enumerate(self._plan.outages):
            if begin <= at < end:
                return f"openai/outage {number}"
        return None


class Spare:
    """An account that has no money left after a while."""

    def __init__(self, plan: Plan, clock: Clockwork, freed: Freed) -> None:
        self._plan, self._clock = plan, clock
        self._text = texts.drawn(plan.chance, texts.EMPTY)

    def enter(self) -> int:
        return 0

    def call(self, ticket: int, live: int, *names: object) -> Refusal | None:
        if self.doom() is None:
            return None
        return Refusal(cause="spare/empty", text=self._text, then="die")

    def ping(self) -> str:
        return "" if self.doom() is None else self._text

    def doom(self) -> str | None:
        return "spare/empty" if self._clock.now >= self._plan.empty_at else None

    def renew(self) -> None:
        """Only money renews it."""

    def room(self, at: float) -> int:
        return 1000


def accounts(plan: Plan, clock: Clockwork, freed: Freed) -> Mapping[str, Account]:
    """Return the night's accounts by name."""
    return {
        "trapi": Tokens(plan, clock, freed),
        "claude": Windows(plan, clock, freed),
        "openai": PerMinute(plan, clock, freed),
        "spare": Spare(plan, clock, freed),
    }


def _minute(at: float) -> float:
    return float(-(-int(at) // 60) * 60)
