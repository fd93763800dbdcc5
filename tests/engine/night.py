"""A whole engine over fakes: the machine and the journal outlive it, so that it can die and return."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from supervisor.adapters.scanner import ReScanner
from supervisor.core.batch import Task
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.options import RunOptions
from supervisor.core.rules import RuleBook
from supervisor.engine.life import Engine
from supervisor.engine.parts import Banner, Parts, Submit
from supervisor.engine.pump import Pump
from supervisor.engine.recovery import recover
from supervisor.engine.writer import Writer
from supervisor.ports import ArtifactError, Backend, EngineApi, Errand, Journal, Ran
from tests.fakes.backend import FakeBackend, World
from tests.fakes.follower import FakeFollower
from tests.fakes.journal import MemoryJournal, Shelf
from tests.support import ManualClock

DEFAULTS = RunOptions()


class Desk:
    """Artifacts that lie in memory."""

    def __init__(self) -> None:
        self.failures: dict[TaskId, tuple[Mapping[str, object], str]] = {}
        self.failed: Mapping[str, Iterable[Mapping[str, object]]] = {}
        self.summary: Mapping[str, object] = {}
        self.written = 0
        self.broken = ""

    def task_failed(self, task: TaskId, document: Mapping[str, object], error_log: str) -> None:
        if self.broken:
            raise ArtifactError(self.broken)
        self.failures[task] = (document, error_log)

    def summaries(
        self,
        failed: Mapping[str, Iterable[Mapping[str, object]]],
        copies: Mapping[str, str],
        summary: Mapping[str, object],
    ) -> None:
        if self.broken:
            raise ArtifactError(self.broken)
        self.failed, self.summary = failed, summary
        self.written += 1

    def report(self, text: str) -> None:
        self.text = text


class Commands:
    """Helper commands whose outcome the test names."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.outcome = ""
        self.errands: list[Errand] = []
        self.value = ""
        self.output = ""
        self.saying = ""

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        self.ran.append(command)
        await asyncio.sleep(0)
        return self.outcome

    async def ask(self, errand: Errand, said: Callable[[str], None]) -> Ran:
        self.errands.append(errand)
        if self.saying:
            said(self.saying)
        cause = await self.run(errand.command, timeout_s=errand.timeout_s, cwd=errand.cwd)
        code = 1 if cause else 0
        return Ran(cause=cause, code=code, output=self.output, value=self.value)


@asynccontextmanager
async def nobody_calls(api: EngineApi, path: str) -> AsyncGenerator[None, None]:
    yield


@dataclass
class Night:
    """What outlives an engine: clock, machine, disk. ``wrap_…`` put faults in between."""

    home: Path
    clock: ManualClock = field(default_factory=ManualClock)
    world: World = field(default_factory=World)
    shelf: Shelf = field(default_factory=Shelf)
    desk: Desk = field(default_factory=Desk)
    commands: Commands = field(default_factory=Commands)
    followers: list[FakeFollower] = field(default_factory=list)
    free_bytes: int = 1 << 40
    environment: frozenset[str] = frozenset({"HOME"})
    wrap_journal: Callable[[Journal], Journal] = lambda journal: journal
    wrap_backend: Callable[[Backend], Backend] = lambda backend: backend

    def parts(self) -> Parts:
        return Parts(
            journal=self.wrap_journal(MemoryJournal(self.shelf)),
            clock=self.clock,
            commands=self.commands,
            artifacts=self.desk,
            free_bytes=lambda: self.free_bytes,
            backend=lambda _uuid: self.wrap_backend(FakeBackend(self.world)),
            pump=self._pump,
            serve=nobody_calls,
            home=self.home,
            version="test",
            environment=self.environment,
            linger_s=0.0,
        )

    async def live(
        self,
        spec: BatchSpec,
        options: RunOptions = DEFAULTS,
        *,
        on_engine: Callable[[Engine], None] = lambda _engine: None,
        on_ready: Callable[[], None] = lambda: None,
    ) -> str:
        """Be an engine until it ends; return why it did, ``nothing`` if there was nothing to do."""
        state = self.home / "state"
        state.mkdir(exist_ok=True)
        spec = replace(spec, directory=str(state))
        # An end that answers an order comes after it, even when the clock stands still.
        self.world.now = self.clock.now() + 0.001
        parts = self.parts()
        writer = Writer(parts.journal)
        try:
            recovered = await recover(
                writer, spec, options, now=self.clock.now(), environment=self.environment
            )
            if recovered.nothing_to_do:
                return "nothing"
            engine = Engine(parts, writer, recovered, options)
            on_engine(engine)
            return await engine.run(on_ready)
        finally:
            await writer.close()

    @asynccontextmanager
    async def engine(
        self, spec: BatchSpec, options: RunOptions = DEFAULTS
    ) -> AsyncGenerator[Engine, None]:
        """An engine that is ready; it dies with the context unless it ended before."""
        engines: list[Engine] = []
        ready = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            life = group.create_task(
                self.live(spec, options, on_engine=engines.append, on_ready=ready.set)
            )
            await ready.wait()
            yield engines[0]
            life.cancel()
            with suppress(asyncio.CancelledError):
                await life

    def task(self, name: str) -> Task:
        """The task as the disk knows it."""
        return self.shelf.tasks[TaskId(name)]

    def _pump(self, submit: Submit, banner: Banner) -> Pump:
        self.followers.append(FakeFollower())
        return Pump(
            self.followers[-1],
            ReScanner(()),
            RuleBook(()),
            clock=self.clock,
            zone=lambda _name: None,
            submit=submit,
            banner=banner,
        )
