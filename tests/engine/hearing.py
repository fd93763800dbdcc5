"""What hears of attempts, on fakes that the test makes speak."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from supervisor.adapters.scanner import ReScanner
from supervisor.core.events import Event
from supervisor.core.models import TaskId
from supervisor.core.rules import RuleBook
from supervisor.core.told import Told
from supervisor.engine.detectors import Detector
from supervisor.engine.news import News
from supervisor.engine.outputs import Outputs
from supervisor.engine.pump import Evidence, Pump
from supervisor.engine.runners import Left, Runners
from supervisor.ports import Ref, Try
from tests.fakes.backend import FakeBackend, World
from tests.fakes.follower import FakeFollower
from tests.support import ManualClock

A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)


class Fragile(Pump):
    """Cannot read the output of one attempt."""

    broken: Ref | None = None

    async def finish(self, ref: Ref) -> Evidence:
        if ref == self.broken:
            raise OSError("input/output error")
        return await super().finish(ref)


class Telling(Runners):
    """Has found what the test says; or breaks."""

    found: Left | None = None

    def __init__(self) -> None:
        self.lived: list[Ref] = []
        self.detectors: list[Detector] = []

    def adopt(self, detector: Detector) -> None:
        self.detectors.append(detector)

    def began(self, ref: Ref, directory: Path) -> None:
        self.lived.append(ref)

    async def left(self, ref: Ref, ended_at: float) -> Left:
        if self.found is None:
            raise OSError("a fault of ours")
        return self.found


class Bench:
    def __init__(self, world: World) -> None:
        self.world = world
        self.events: list[Event] = []
        self.tails: dict[Ref, str] = {}
        self.counters: dict[Ref, tuple[int, int]] = {}
        self.tolds: dict[Ref, Told] | None = {}
        self.follower = FakeFollower()
        self.backend = FakeBackend(world)
        self.runners = Telling()
        clock = ManualClock()
        self.under_way: dict[str, str | None] = {}
        self.pump = Fragile(
            self.follower,
            ReScanner(()),
            RuleBook(()),
            clock=clock,
            zone=lambda _name: None,
            submit=self.submit,
        )
        self.outputs = Outputs(
            backend=self.backend,
            pump=self.pump,
            submit=self.submit,
            offsets={(A.task, 1, "stdout"): 5},
            keep_tail=self.tails.__setitem__,
            runners=self.runners,
            counted=self.count,
            heard=self.hear,
        )
        self.news = News(
            backend=self.backend,
            clock=clock,
            outputs=self.outputs,
            submit=self.submit,
            under_way=self.under_way.__setitem__,
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    async def count(self, ref: Ref) -> tuple[int, int] | None:
        return self.counters[ref]

    async def hear(self, ref: Ref) -> Told | None:
        if self.tolds is None:
            raise OSError("a fault of ours")
        return self.tolds.get(ref)

    def of(self, kind: type[Event]) -> list[Event]:
        return [event for event in self.events if isinstance(event, kind)]


@asynccontextmanager
async def bench(world: World | None = None) -> AsyncGenerator[Bench, None]:
    one = Bench(world or World())
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.news.run())
        yield one
        task.cancel()


def forever(ref: Ref) -> Try:
    return Try(ref=ref, argv=("forever",), cwd="/")
