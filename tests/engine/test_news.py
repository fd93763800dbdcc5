"""Reports become events; an end is told when its output was read, and faults stay alone."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from supervisor.adapters.scanner import ReScanner
from supervisor.core.events import Ended, Event, Noted, ReachChanged, Started
from supervisor.core.models import Detection, ErrorClass, ResultsSeen, TaskId
from supervisor.core.rules import RuleBook
from supervisor.engine.news import News
from supervisor.engine.pump import Evidence, Pump
from supervisor.engine.runners import Left, Runners
from supervisor.ports import Ref, Try
from tests.fakes.backend import FakeBackend, World
from tests.fakes.follower import FakeFollower
from tests.support import ManualClock, until

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
        self.follower = FakeFollower()
        self.backend = FakeBackend(world)
        self.runners = Telling()
        clock = ManualClock()
        self.pump = Fragile(
            self.follower,
            ReScanner(()),
            RuleBook(()),
            clock=clock,
            zone=lambda _name: None,
            submit=self.submit,
        )
        self.news = News(
            backend=self.backend,
            clock=clock,
            pump=self.pump,
            submit=self.submit,
            offsets={(A.task, 1, "stdout"): 5},
            keep_tail=self.tails.__setitem__,
            runners=self.runners,
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)

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


async def test_alive_and_gone_become_started_and_ended() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        await until(lambda: one.events)
        assert one.events == [Started(task=A.task, attempt=1, started_at=1_000_000.0, pid=1001)]
        assert one.news.followed == (A,)
        one.follower.append(A, "stderr", b"first\nlast words\n")
        one.backend.end(A, 3)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.code, ended.end.last_line) == (3, "last words")
        assert one.news.followed == ()
        await until(lambda: A not in one.backend._known)


async def test_of_an_attempt_that_ends_at_once_only_the_end_is_told() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A)
        await until(lambda: one.of(Started))
        assert one.of(Ended)
        assert one.of(Started) == [
            Started(task=B.task, attempt=1, started_at=1_000_000.0, pid=1002)
        ]
        assert one.news.followed == (B,)


async def test_an_output_that_cannot_be_read_leaves_the_end_and_the_others_alone() -> None:
    async with bench() as one:
        one.pump.broken = A
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A, 1)
        one.backend.end(B, 0)
        await until(lambda: len(one.of(Ended)) == 2)
        codes = {event.task: event.end.code for event in one.events if isinstance(event, Ended)}
        assert codes == {"g/a": 1, "g/b": 0}


async def test_adoption_returns_when_something_is_known_of_each() -> None:
    world = World()
    before = FakeBackend(world)
    await before.submit((forever(A), forever(B)))
    before.end(B, 0)
    async with bench(world) as one:
        await one.news.adopt((A, B))
        assert {type(event) for event in one.events} == {Started, Ended}
        assert len(one.events) == 2


async def test_nothing_to_adopt_is_no_wait() -> None:
    async with bench() as one:
        await one.news.adopt(())
        assert one.events == []


async def test_doubt_is_told_and_taken_back() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        await until(lambda: one.events)
        one.events.clear()
        one.backend.doubt(A, "no answer")
        one.backend._tell(A)
        await until(lambda: len(one.events) == 3)
        assert one.events[:2] == [
            ReachChanged(task=A.task, attempt=1, reason="no answer"),
            ReachChanged(task=A.task, attempt=1, reason=None),
        ]


async def test_the_end_of_the_output_is_kept_for_the_story_of_a_failure() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        one.backend.end(A, 1)
        await until(lambda: one.of(Ended))
        assert A in one.tails


async def test_an_end_tells_what_the_runner_left() -> None:
    proof = Detection(
        rule="r", error_class=ErrorClass.AUTH, line="401", stream="file", strong=True, written_at=1
    )
    async with bench() as one:
        results = ResultsSeen(status="error", error="Traceback: 401")
        one.runners.found = Left(results=results, detections=(proof,))
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.results, ended.end.detections) == (results, (proof,))
        assert (one.runners.lived, one.tails) == ([A], {A: "Traceback: 401"})


async def test_results_that_cannot_be_read_are_noted_before_the_end() -> None:
    async with bench() as one:
        one.runners.found = Left(results=ResultsSeen(trouble="a.eval: is half written"))
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        assert one.events[-2] == Noted(
            task=A.task, attempt=1, text="results: a.eval: is half written"
        )


async def test_a_fault_in_reading_results_is_not_the_task_s() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.code, ended.end.results) == (0, None)
