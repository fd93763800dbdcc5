"""Tells living attempts their group's inner parallelism: by a file, or by the operator's command."""

import asyncio
import logging
import shlex
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path

from supervisor.core import inner
from supervisor.core.command import render
from supervisor.core.effects import StartAttempt, TurnKnob
from supervisor.core.events import Event, KnobTurned
from supervisor.core.facets import LIVE
from supervisor.core.models import InnerPolicy
from supervisor.core.places import task_dir
from supervisor.core.state import Batch
from supervisor.engine.announce import write_whole
from supervisor.ports import Commands, Errand, Ref

log = logging.getLogger(__name__)

Submit = Callable[[Event], Awaitable[None]]

_AT_ONCE = 4
"""Commands beside each other; a group may have many attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnobFile:
    """A file of ours in which a runner finds its number."""

    path: Path
    value: int

    async def write(self) -> None:
        """Replace it, whole or not at all; may raise ``OSError``."""
        await asyncio.to_thread(self._write)

    def _write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_whole(self.path, (f"{self.value}\n",))


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One attempt, its new number, and the way it is told."""

    ref: Ref
    value: int
    way: KnobFile | Errand


def before_launch(batch: Batch, effect: StartAttempt) -> tuple[Turn, ...]:
    """Return the file that must lie there before the attempt begins, if there is one."""
    id_ = effect.task
    policy, number = batch.group_specs[batch.specs[id_].group].inner, batch.tasks[id_].inner
    if policy is None or policy.apply != "file" or number is None:
        return ()
    way = KnobFile(path=Path(inner.file_of(batch, id_, policy.knob)), value=number)
    return (Turn(ref=Ref(id_, effect.attempt), value=number, way=way),)


class Turning:
    """Tells one attempt one number at a time; of several orders meanwhile the last counts."""

    def __init__(self, commands: Commands, submit: Submit) -> None:
        self._commands = commands
        self._submit = submit
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._running: dict[Ref, Turn | None] = {}
        """Who is being told, with the order that came meanwhile."""

    def take_in(self, batch: Batch, effect: TurnKnob) -> Turn | None:
        """Return what is to be done now; None: nothing, or after what is being done."""
        policy = batch.group_specs[batch.specs[effect.task].group].inner
        if policy is None:
            return None
        ref = Ref(effect.task, effect.attempt)
        turn = Turn(ref=ref, value=effect.value, way=_way(batch, effect, policy))
        if ref in self._running:
            self._running[ref] = turn
            return None
        self._running[ref] = None
        return turn

    async def lay(self, turn: Turn) -> None:
        """Do so before the attempt begins, which knows its number anyway; only trouble is told."""
        cause = await self._tell(turn)
        if cause:
            await self._submit(_told(turn, cause))

    async def run(self, turn: Turn) -> None:
        """Tell the attempt, and the core how that went."""
        ref = turn.ref
        try:
            while True:
                cause = await self._tell(turn)
                newer, self._running[ref] = self._running[ref], None
                if newer is None:
                    break
                turn = newer
        finally:
            del self._running[ref]
        await self._submit(_told(turn, cause))

    async def _tell(self, turn: Turn) -> str:
        """Return why it did not work, in one line; empty: it did."""
        try:
            if isinstance(turn.way, KnobFile):
                await turn.way.write()
                return ""
            async with self._room:
                return (await self._commands.ask(turn.way, lambda _: None)).cause
        except Exception as error:
            log.warning("knob not turned", exc_info=error, extra={"task": turn.ref.task})
            reason = error.strerror if isinstance(error, OSError) else None
            return reason or repr(error)


def _told(turn: Turn, cause: str) -> KnobTurned:
    ref = turn.ref
    return KnobTurned(task=ref.task, attempt=ref.attempt, value=turn.value, cause=cause)


def _way(batch: Batch, effect: TurnKnob, policy: InnerPolicy) -> KnobFile | Errand:
    if policy.apply == "file":
        path = Path(inner.file_of(batch, effect.task, policy.knob))
        return KnobFile(path=path, value=effect.value)
    spec, phase = batch.specs[effect.task], batch.tasks[effect.task].phase
    number = str(effect.value)
    rendered = render(
        replace(spec, run=policy.run, resume=None),
        shell=batch.head.shell,
        attempt=effect.attempt,
        slot=phase.slot if isinstance(phase, LIVE) else 0,
        task_dir=task_dir(batch.head.directory, effect.task),
        knobs={policy.knob: number, "n": number},
    )
    return Errand(
        command=f"exec {shlex.join(rendered.argv)}",
        timeout_s=policy.timeout_s,
        cwd=spec.cwd,
        env=rendered.env,
    )
