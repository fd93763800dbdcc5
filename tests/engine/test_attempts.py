"""Orders become calls of the backend, and what goes wrong with one touches no other."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from supervisor.core.effects import (
    EndEngine,
    FreezeAttempt,
    RunRefresh,
    StartAttempt,
    StopAttempt,
    ThawAttempt,
)
from supervisor.core.events import Ended, Event, ReachChanged, RefreshEnded
from supervisor.core.models import CommandSpec, LimitId, TaskId
from supervisor.core.state import Batch, fresh
from supervisor.engine.attempts import Attempts
from supervisor.engine.errands import Errands
from supervisor.engine.turning import Turning
from supervisor.ports import Ref, Try
from tests.engine.batches import spec_of
from tests.engine.night import Commands
from tests.fakes.backend import FakeBackend, World
from tests.support import ManualClock, until

A, B = TaskId("g/a"), TaskId("g/b")


class Watched(FakeBackend):
    """Remembers how launches were bundled, and can refuse to freeze."""

    def __init__(self) -> None:
        super().__init__(World())
        self.submitted: list[list[Try]] = []

    async def submit(self, tries: Sequence[Try]) -> None:
        await super().submit(tries)
        self.submitted.append(list(tries))

    async def freeze(self, refs: Sequence[Ref]) -> None:
        raise OSError("no such process")


class Bench:
    def __init__(self) -> None:
        self.backend = Watched()
        self.commands = Commands()
        self.clock = ManualClock()
        self.events: list[Event] = []
        spec = spec_of("g/a", "g/b", run=("forever", "{task}"))
        limit = replace(spec.limits[0], refresh=CommandSpec(run="az login"))
        self.batch: Batch = fresh(replace(spec, limits=(limit,)), "u", 0.0)
        self.attempts = Attempts(
            backend=self.backend,
            clock=self.clock,
            submit=self.submit,
            errands=Errands(commands=self.commands, clock=self.clock, submit=self.submit, cwd="/"),
            turning=Turning(self.commands, self.submit),
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)


@asynccontextmanager
async def bench() -> AsyncGenerator[Bench, None]:
    one = Bench()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.attempts.run())
        yield one
        task.cancel()


def begin(task: TaskId, slot: int = 1) -> StartAttempt:
    return StartAttempt(task=task, attempt=1, slot=slot)


async def test_launches_of_one_commit_are_one_call_and_rendered() -> None:
    async with bench() as one:
        one.attempts.perform(one.batch, (begin(A), begin(B, 2), EndEngine(why="done")))
        await until(lambda: one.backend.submitted)
        [[first, second]] = one.backend.submitted
        assert first.argv == ("forever", "g/a")
        assert second.env["OVERNIGHT_SLOT"] == "2"
        assert second.ref == Ref(B, 1)


async def test_a_stop_ordered_with_its_launch_comes_after_it() -> None:
    async with bench() as one:
        stop = StopAttempt(task=A, attempt=1, grace_s=5, reason="x")
        one.attempts.perform(one.batch, (begin(A), stop))
        await until(lambda: one.backend.world.stops == [(Ref(A, 1), 5)])
        assert one.backend.world.runs[Ref(A, 1)].state == "ended"


async def test_an_attempt_that_cannot_be_rendered_ends_alone() -> None:
    async with bench() as one:
        lost = StartAttempt(task=TaskId("g/unheard"), attempt=1, slot=1)
        one.attempts.perform(one.batch, (lost, begin(B)))
        await until(lambda: one.backend.submitted)
        [event] = one.events
        assert isinstance(event, Ended)
        assert event.task == "g/unheard"
        assert "could not be prepared" in event.end.cause
        assert [one.ref.task for one in one.backend.submitted[0]] == [B]


async def test_an_order_that_fails_stops_no_other() -> None:
    async with bench() as one:
        one.attempts.perform(one.batch, (begin(A), FreezeAttempt(task=A, attempt=1)))
        one.attempts.perform(one.batch, (ThawAttempt(task=A, attempt=1), begin(B)))
        await until(lambda: sum(map(len, one.backend.submitted)) == 2)


async def test_a_refresh_runs_once_at_a_time_and_tells_why_it_failed() -> None:
    async with bench() as one:
        one.commands.outcome = "exit 1: not logged in"
        order = RunRefresh(limit=LimitId("g"))
        one.attempts.perform(one.batch, (order, order))
        await until(lambda: one.events)
        assert one.events == [RefreshEnded(limit=LimitId("g"), cause="exit 1: not logged in")]
        one.attempts.perform(one.batch, (order,))
        await until(lambda: len(one.events) == 2)
        assert one.commands.ran == ["az login"] * 2


async def test_a_backend_that_is_gone_is_told_and_asked_again() -> None:
    async with bench() as one:
        one.backend.world.down = "away"
        one.attempts.perform(one.batch, (begin(A),))
        await until(lambda: one.events)
        assert one.events == [ReachChanged(task=A, attempt=1, reason="away")]
        one.backend.world.down = ""

        def launched() -> bool:
            one.clock.advance(5)
            return bool(one.backend.world.starts)

        await until(launched)
