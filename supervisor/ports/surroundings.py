"""The clock, the helper commands of the operator, and what calls him."""

from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol

from supervisor.core.message import Message
from supervisor.core.models import NotifySpec


class Clock(Protocol):
    """Time, as the engine sees it."""

    def now(self) -> float:
        """Return Unix seconds."""
        ...

    async def sleep_until(self, deadline: float) -> None:
        """Return once ``now()`` has reached ``deadline``."""
        ...

    def jumps(self) -> AsyncGenerator[float, None]:
        """Yield the seconds of each jump of the wall clock beyond 30 s, or of a suspend."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A helper command, and what it gets and gives."""

    command: str
    """Run by the shell."""
    timeout_s: float
    cwd: str
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    """Laid over the engine's own environment."""
    captures: bool = False
    """Its stdout is a value: it is returned and never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What became of a helper command."""

    cause: str
    """Why it did not work, in one line; empty: it did."""
    code: int | None
    """None: it was never started, or not done in time."""
    output: str
    """The end of what it wrote, escapes stripped and secrets redacted; without a value."""
    value: str = field(default="", repr=False)
    """Its stdout where that is captured, without the last newline."""


class Commands(Protocol):
    """Runs the operator's helper commands (refresh, preflight)."""

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        """Run by the shell; return the empty string when it worked, else why not, in one line."""
        ...

    async def ask(self, errand: Errand, said: Callable[[str], None]) -> Ran:
        """Run a command; ``said`` gets the last lines it wrote, shown as they come, redacted."""
        ...


class Notifier(Protocol):
    """Calls the operator."""

    async def call(self, notify: NotifySpec, message: Message) -> str:
        """Return the empty string once the message is handed over, else why not, in one line."""
        ...
