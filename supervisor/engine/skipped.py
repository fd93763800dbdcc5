"""Output that was passed over: said when it begins, and how much it was when the attempt is over."""

from collections.abc import Awaitable, Callable

from supervisor.core.events import Event, Noted
from supervisor.core.wording import size
from supervisor.engine.stream import Reason
from supervisor.ports import Ref

_WHY: dict[Reason, str] = {
    "flood": "it is written faster than it can be read",
    "line": "of a line beyond 1 MiB only the beginning is read",
    "binary": "it is binary, no text",
}


class Skipped:
    """Tells the core once per file and reason, and keeps a banner while such attempts live."""

    def __init__(
        self,
        submit: Callable[[Event], Awaitable[None]],
        banner: Callable[[str, str | None, str], None],
    ) -> None:
        self._submit = submit
        self._banner = banner
        self._told: dict[Ref, dict[tuple[str, Reason], int]] = {}

    async def note(self, ref: Ref, file: str, skipped: dict[Reason, int]) -> None:
        """Take in what was skipped of ``file`` so far, in bytes; repeatable."""
        told = self._told.setdefault(ref, {})
        for reason in skipped:
            if (file, reason) not in told:
                told[file, reason] = 0
                await self._say(ref, f"{file} is not read whole: {_WHY[reason]}")
        self._show()

    async def over(self, ref: Ref, totals: dict[str, dict[Reason, int]]) -> None:
        """Say how much of each file was skipped in all; the attempt is forgotten."""
        for file, skipped in totals.items():
            for reason, count in skipped.items():
                await self._say(ref, f"{size(count)} of {file} were not read: {_WHY[reason]}")
        if self._told.pop(ref, None) is not None:
            self._show()

    async def _say(self, ref: Ref, text: str) -> None:
        await self._submit(Noted(task=ref.task, attempt=ref.attempt, text=text))

    def _show(self) -> None:
        if not self._told:
            self._banner("logs", None, "")
            return
        # How many there are is left out: a line that changes all the time helps nobody.
        first = next(iter(self._told))
        text = f"some output is not read whole, such as that of {first.task}"
        self._banner("logs", text, f"overnight why {first.task}")
