"""Tells the core when an attempt gives no sign of life any more, and when it does again."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
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
    """What was seen of one attempt. Silence counts from ``since``."""

    written: int
    since: float
    cpu_s: float | None = None
    """At ``cpu_at``, the first look of this silence; None: it has not been taken."""
    cpu_at: float = 0.0
    quiet: bool = False


class Activity:
    """Looks at every living attempt each 30 s: the sizes of its logs, and CPU once those are still.

    CPU seconds are read only for attempts whose logs did not grow, so that busy ones cost two
    ``stat`` calls.
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
            await self.look()

    async def look(self) -> None:
        """Compare every living attempt with the last look and tell what flipped."""
        living = self._living()
        now = self._clock.now()
        self._seen = {ref: signs for ref in living if (signs := self._seen.get(ref)) is not None}
        still = [ref for ref in living if not self._wrote(ref, now)]
        usage = await self._backend.usage(still) if still else {}
        for ref in living:
            await self._judge(ref, now, usage)

    def rebase(self) -> None:
        """Count every silence from now: the clock jumped, or the machine slept."""
        self._seen.clear()

    def _wrote(self, ref: Ref, now: float) -> bool:
        """Take in the size of the logs; say whether they grew since the last look."""
        written = _written(self._backend.directory(ref))
        signs = self._seen.get(ref)
        if signs is None:
            self._seen[ref] = _Signs(written=written, since=now)
            return True
        if written == signs.written:
            return False
        signs.written, signs.since, signs.cpu_s = written, now, None
        return True

    async def _judge(self, ref: Ref, now: float, usage: Mapping[Ref, Usage]) -> None:
        signs = self._seen[ref]
        if ref in usage:
            self._take_cpu(signs, usage[ref].cpu_s, now)
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

    def _take_cpu(self, signs: _Signs, cpu_s: float, now: float) -> None:
        """Work ends the silence; a jump backwards means other processes were counted."""
        if signs.cpu_s is not None:
            share = (cpu_s - signs.cpu_s) / max(now - signs.cpu_at, 1e-9)
            if share >= _IDLE_SHARE or share < 0:
                signs.since = now
        signs.cpu_s, signs.cpu_at = cpu_s, now


def _written(directory: Path) -> int:
    total = 0
    for name in ("stdout.log", "stderr.log"):
        try:
            total += (directory / name).stat().st_size
        except OSError:
            continue
    return total
