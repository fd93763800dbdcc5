"""The clock and the helper commands of the operator."""

from collections.abc import AsyncGenerator
from typing import Protocol


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


class Commands(Protocol):
    """Runs the operator's helper commands (refresh, notify)."""

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        """Run by the shell; return the empty string when it worked, else why not, in one line."""
        ...
