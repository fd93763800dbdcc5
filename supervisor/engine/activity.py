"""Tells the core when an attempt gives no sign of life any more, and when it does again."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.events import ActivityChanged, Event
from supervisor.ports import Backend, Clock, Ref, Usage

log = logging.getLogger(__name__)

_EVERY_S = 30.0
_IDLE_SHARE = 0.01
"""Of one core: below this the processes only wait."""


@dataclass(slots=True)
class _Signs:
    """What was seen of one attempt at the last look."""

    written: int
    cpu_s: float
    looked_at: float
    since: float
    """When it last gave a sign of life."""
    quiet: bool = False


class Activity:
    """Looks at every living attempt each 30 s: the sizes of its logs, and the CPU it used.

    The look at the CPU is also how the backend learns which processes belong to an attempt.
    """

    def __init__(
        self,
        *,
        backend: Backend,
        clock: Clock,
        living: Callable[[], Sequence[Ref]],
        quiet_after_s: Callable[[Ref], float | None],
        submit: Callable[[Event], Awaitable[None]],
    ) -> None:
        self._backend = backend
        self._clock = clock
        self._living = living
        self._quiet_after_s = quiet_after_s
        self._submit = submit
        self._seen: dict[Ref, _Signs] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + _EVERY_S)
            try:
                await self.look()
            except Exception:
                # A look that failed is no sign of anything; the night goes on.
                log.exception("activity is unknown")

    async def look(self) -> None:
        """Compare every living attempt with the last look and tell what flipped."""
        living = self._living()
        now = self._clock.now()
        self._seen = {ref: signs for ref in living if (signs := self._seen.get(ref)) is not None}
        if not living:
            return
        usage = await self._backend.usage(living)
        for ref in living:
            await self._judge(ref, now, usage.get(ref))

    def rebase(self) -> None:
        """Count every silence from now: the clock jumped, or the machine slept."""
        self._seen.clear()

    async def _judge(self, ref: Ref, now: float, used: Usage | None) -> None:
        signs = self._signs(ref, now, used)
        patience_s = self._quiet_after_s(ref)
        quiet = patience_s is not None and now - signs.since >= patience_s
        if quiet != signs.quiet:
            signs.quiet = quiet
            await self._submit(
                ActivityChanged(
                    task=ref.task,
                    attempt=ref.attempt,
                    quiet_since=signs.since if quiet else None,
                )
            )

    def _signs(self, ref: Ref, now: float, used: Usage | None) -> _Signs:
        """Take in what can be seen now."""
        written = _written(self._backend.directory(ref))
        signs = self._seen.get(ref)
        if signs is None:
            cpu_s = used.cpu_s if used is not None else 0.0
            signs = _Signs(written=written, cpu_s=cpu_s, looked_at=now, since=now)
            self._seen[ref] = signs
        elif written != signs.written or _worked(signs, used, now):
            signs.since = now
        signs.written, signs.looked_at = written, now
        signs.cpu_s = used.cpu_s if used is not None else signs.cpu_s
        return signs


def _worked(signs: _Signs, used: Usage | None, now: float) -> bool:
    """Say whether CPU was used; fewer seconds than before mean that processes came and went."""
    if used is None:
        return False
    spent_s = used.cpu_s - signs.cpu_s
    return spent_s < 0 or spent_s >= _IDLE_SHARE * (now - signs.looked_at)


def _written(directory: Path) -> int:
    total = 0
    for name in ("stdout.log", "stderr.log"):
        try:
            total += (directory / name).stat().st_size
        except OSError:
            continue
    return total
