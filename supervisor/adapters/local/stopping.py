"""Brings running attempts down: asks, waits, insists, and says so when even that does not help."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from signal import SIGCONT, SIGKILL

from supervisor.adapters.local import stop
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.closing import InThread
from supervisor.adapters.local.members import Found, Target, look
from supervisor.adapters.local.procfs import Ident, lives
from supervisor.adapters.local.roster import Roster
from supervisor.adapters.local.signals import send
from supervisor.ports import Ref, Report, Unknown

_FIRST_LOOKS_S = (0.02, 0.02, 0.04, 0.08, 0.16)
_LATER_LOOKS_S = 0.5
_INSIST_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """Stops attempts of one roster."""

    uuid: str
    roster: Roster
    in_thread: InThread
    hurry: Callable[[], None]
    """Lets those that wait for the end of leftovers be looked at now."""
    tell: Callable[[Report], None]
    record_s: float
    unkillable_s: float

    async def stop(self, attempts: Sequence[Attempt], grace_s: float) -> None:
        """Return once every attempt is gone, or was reported as unkillable."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace_s
        await self._ask(attempts, deadline)
        await _all_gone(attempts, deadline - loop.time())
        insist_until = loop.time() + self.unkillable_s
        stuck: Found = {}
        while rest := _alive(attempts):
            if loop.time() > insist_until:
                self._give_up(rest, stuck)
                return
            stuck = await self._force(rest)
            if not await _all_gone(rest, self.record_s):
                # No record came: the shim is stopped, or has no command yet.
                shims = [each.shim for each in _alive(rest) if each.shim]
                await self.in_thread(partial(_kill, shims))
                await _all_gone(rest, _INSIST_S)

    async def _ask(self, attempts: Sequence[Attempt], deadline: float) -> None:
        """Send TERM, again where it came too early to be heard, until it was."""
        loop = asyncio.get_running_loop()
        told: set[Ref] = set()
        pauses = iter(_FIRST_LOOKS_S)
        while rest := [each for each in _alive(attempts) if each.ref not in told]:
            targets = [each.target() for each in rest]
            heard = await self.in_thread(partial(_asked, targets, self.uuid))
            told |= heard
            pause = min(next(pauses, _LATER_LOOKS_S), deadline - loop.time())
            if pause <= 0:
                return
            await _all_gone([each for each in rest if each.ref not in heard], pause)

    async def _force(self, attempts: Sequence[Attempt]) -> Found:
        targets = [each.target() for each in attempts]
        stuck = await self.in_thread(
            lambda: stop.force(lambda: look(targets, uuid=self.uuid, thorough=True))
        )
        self.roster.remember(stuck)
        self.hurry()
        return stuck

    def _give_up(self, attempts: Sequence[Attempt], stuck: Found) -> None:
        for each in attempts:
            members = stuck.get(each.ref, ())
            words = stop.describe(members) if members else "its shim"
            self.tell(Unknown(ref=each.ref, reason=f"does not die: {words}"))


def _asked(targets: Sequence[Target], uuid: str) -> set[Ref]:
    """Ask all members to end; return the attempts whose command must have heard it.

    Not heard has an attempt without a command yet, and one whose command was still the shim's
    fork: the signal may have been swallowed by the shim's trap. Later comers are not asked: they
    may be what the command cleans up with.
    """
    found = look(targets, uuid=uuid, thorough=True)
    heard: set[Ref] = set()
    for target in targets:
        members = found[target.ref]
        early = [each for each in members if target.shim and stop.not_begun(each, target.shim)]
        stop.ask(members)
        if target.shim:
            send(target.shim, SIGCONT)
        shim_waits = target.shim is not None and lives(target.shim)
        if not early and (members or not shim_waits):
            heard.add(target.ref)
    return heard


def _kill(shims: Sequence[Ident]) -> None:
    for shim in shims:
        send(shim, SIGKILL)
        send(shim, SIGCONT)


def _alive(attempts: Sequence[Attempt]) -> list[Attempt]:
    return [each for each in attempts if not each.gone.is_set()]


async def _all_gone(attempts: Sequence[Attempt], within_s: float) -> bool:
    """Wait until all are gone, at most ``within_s``; return whether they are."""
    try:
        async with asyncio.timeout(max(0.0, within_s)):
            for each in attempts:
                await each.gone.wait()
    except TimeoutError:
        return False
    return True
