"""Tells the core when an attempt gives no sign of life any more, and when it does again."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor.core.events import ActivityChanged, Event
from supervisor.ports import Backend, Clock, Ref, Said, Usage

log = logging.getLogger(__name__)

_EVERY_S = 30.0
_LEAST_S = 1.0
_LOOKS = 4
"""Looks within the shortest patience: silence is not told much later than it has lasted."""
_IDLE_SHARE = 0.01
"""Of one core: below this the processes only wait."""
_ASKED_AT_ONCE = 8


@dataclass(slots=True)
class _Signs:
    """What was seen of one attempt at the last look."""

    written: int
    cpu_s: float
    looked_at: float
    since: float
    """When it last gave a sign of life."""
    work: int = 0
    retries: int = 0
    """Requests that had to be tried again, when its work last went on."""
    quiet: bool = False


class Activity:
    """Looks at every living attempt, each 30 s at least: sizes of its logs, CPU, what its runner says.

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
        ask: Callable[[Ref, Sequence[int]], Awaitable[Said | None]] | None = None,
        progress: Callable[[Ref, Said], None] = lambda _ref, _said: None,
    ) -> None:
        self._backend = backend
        self._clock = clock
        self._living = living
        self._quiet_after_s = quiet_after_s
        self._submit = submit
        self._ask = ask
        self._progress = progress
        self._seen: dict[Ref, _Signs] = {}

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await self._clock.sleep_until(self._clock.now() + self._pause_s())
            try:
                await self.look()
            except Exception:
                # A look that failed is no sign of anything; the night goes on.
                log.exception("activity is unknown")

    async def look(self) -> None:
        """Compare every living attempt with the last look and tell what flipped."""
        living = self._living()
        self._seen = {ref: signs for ref in living if (signs := self._seen.get(ref)) is not None}
        if not living:
            return
        usage = await self._backend.usage(living)
        said = await self._asked(usage)
        now = self._clock.now()
        for ref in living:
            await self._judge(ref, now, usage.get(ref), said.get(ref))

    def rebase(self) -> None:
        """Count every silence from now: the clock jumped, or the machine slept."""
        self._seen.clear()

    def _pause_s(self) -> float:
        patience = [s for ref in self._living() if (s := self._quiet_after_s(ref)) is not None]
        return min(_EVERY_S, max(_LEAST_S, min(patience, default=_EVERY_S) / _LOOKS))

    async def _asked(self, usage: Mapping[Ref, Usage]) -> dict[Ref, Said]:
        """Return what the runners say that can be asked, a few at a time."""
        answers: dict[Ref, Said] = {}
        question = self._ask
        if question is None:
            return answers
        doors = asyncio.Semaphore(_ASKED_AT_ONCE)

        async def ask(ref: Ref, pids: Sequence[int]) -> None:
            async with doors:
                said = await question(ref, pids)
            if said is not None:
                answers[ref] = said
                self._progress(ref, said)

        async with asyncio.TaskGroup() as group:
            for ref, used in usage.items():
                group.create_task(ask(ref, used.pids), name=f"ask {ref.task}")
        return answers

    async def _judge(self, ref: Ref, now: float, used: Usage | None, said: Said | None) -> None:
        signs = self._signs(ref, now, used, said)
        patience_s = self._quiet_after_s(ref)
        quiet = patience_s is not None and now - signs.since >= patience_s
        if quiet != signs.quiet:
            signs.quiet = quiet
            await self._submit(
                ActivityChanged(
                    task=ref.task,
                    attempt=ref.attempt,
                    quiet_since=signs.since if quiet else None,
                    said=said.words if quiet and said is not None else "",
                )
            )

    def _signs(self, ref: Ref, now: float, used: Usage | None, said: Said | None) -> _Signs:
        """Take in what can be seen now."""
        written = _written(self._backend.directory(ref))
        signs = self._seen.get(ref)
        if signs is None:
            cpu_s = used.cpu_s if used is not None else 0.0
            signs = _Signs(written=written, cpu_s=cpu_s, looked_at=now, since=now)
            self._seen[ref] = signs
        elif written != signs.written or _works(signs, used, said, now):
            signs.since = now
        if said is not None and said.work != signs.work:
            signs.work, signs.retries = said.work, said.retries
        signs.written, signs.looked_at = written, now
        signs.cpu_s = used.cpu_s if used is not None else signs.cpu_s
        return signs


def _works(signs: _Signs, used: Usage | None, said: Said | None, now: float) -> bool:
    """Say whether work went on, or CPU was used.

    CPU proves nothing where the runner only tries the same requests again and again. Fewer seconds
    than before mean that processes came and went.
    """
    if said is not None:
        if said.work != signs.work:
            return True
        if said.retries > signs.retries:
            return False
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
