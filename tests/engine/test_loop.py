"""Steps are durable before they are acted upon, and share commits when there are many."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence, Set
from contextlib import asynccontextmanager
from threading import Event as ThreadEvent

from supervisor.core.effects import Effect, EndEngine, StartAttempt
from supervisor.core.events import DiskChanged, Ended, Started
from supervisor.core.intents import Pause, Resume
from supervisor.core.models import BatchSpec, End, TaskId
from supervisor.core.phase import Running, Starting, Succeeded, Waiting
from supervisor.core.state import Batch, all_rows, fresh
from supervisor.core.state import spec_of as whole_spec
from supervisor.engine.loop import Loop
from supervisor.engine.writer import Writer
from supervisor.ports import Entry
from tests.engine.batches import spec_of
from tests.fakes.journal import MemoryJournal, Shelf
from tests.support import ManualClock, until

A = TaskId("g/a")


class SlowJournal(MemoryJournal):
    """Commits wait for the gate."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = ThreadEvent()
        self.gate.set()
        self.commits: list[int] = []

    def commit(self, entries: Sequence[Entry]) -> None:
        self.gate.wait(20)
        super().commit(entries)
        self.commits.append(len(entries))


class Bench:
    """A loop whose effects are only remembered."""

    def __init__(self, spec: BatchSpec) -> None:
        self.clock = ManualClock()
        self.journal = SlowJournal()
        batch = fresh(spec, "u", self.clock.now())
        self.journal.begin(whole_spec(batch), all_rows(batch))
        self.performed: list[Effect] = []
        self.published: list[tuple[Batch, Set[TaskId]]] = []
        self.space: list[str | None] = []
        self.writer = Writer(self.journal)
        self.loop = Loop(
            batch,
            clock=self.clock,
            writer=self.writer,
            perform=lambda _batch, effects: self.performed.extend(effects),
            publish=lambda batch, changed, _new: self.published.append((batch, changed)),
            on_space=self.space.append,
        )

    @property
    def shelf(self) -> Shelf:
        return self.journal.shelf

    def started(self, task: str = "g/a", attempt: int = 1) -> Started:
        return Started(task=TaskId(task), attempt=attempt, started_at=self.clock.now(), pid=7)

    def ended(self, task: str = "g/a", code: int = 0, attempt: int = 1) -> Ended:
        end = End(code=code, ended_at=self.clock.now())
        return Ended(task=TaskId(task), attempt=attempt, end=end)


@asynccontextmanager
async def bench(*names: str) -> AsyncGenerator[Bench, None]:
    one = Bench(spec_of(*names))
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.loop.run())
        yield one
        one.journal.gate.set()
        one.shelf.full = False
        one.loop.close()
        await task
    await one.writer.close()


def launched(one: Bench) -> Callable[[], bool]:
    return lambda: any(isinstance(effect, StartAttempt) for effect in one.performed)


async def test_launches_by_itself_and_only_after_the_commit() -> None:
    async with bench("g/a") as one:
        one.journal.gate.clear()
        await until(lambda: isinstance(one.loop.batch.tasks[A].phase, Starting))
        assert one.performed == []
        assert one.published == []
        assert isinstance(one.loop.durable.tasks[A].phase, Waiting)
        one.journal.gate.set()
        await until(launched(one))
        assert isinstance(one.shelf.tasks[A].phase, Starting)
        assert one.published[-1][1] == {A}


async def test_steps_taken_during_a_commit_share_the_next_one() -> None:
    names = [f"g/{number}" for number in range(4)]
    async with bench(*names) as one:
        await until(launched(one))
        before = len(one.journal.commits)
        one.journal.gate.clear()
        await one.loop.submit(one.started("g/0"))
        await until(lambda: isinstance(one.loop.batch.tasks[TaskId("g/0")].phase, Running))
        for name in names[1:]:
            await one.loop.submit(one.started(name))
        await until(lambda: isinstance(one.loop.batch.tasks[TaskId("g/3")].phase, Running))
        one.journal.gate.set()
        await until(lambda: isinstance(one.loop.durable.tasks[TaskId("g/3")].phase, Running))
        assert one.journal.commits[before:] == [1, 3]


async def test_runs_a_batch_to_its_end() -> None:
    async with bench("g/a") as one:
        await until(launched(one))
        await one.loop.submit(one.started())
        await one.loop.submit(one.ended())
        await until(lambda: EndEngine(why="done") in one.performed)
        assert isinstance(one.shelf.tasks[A].phase, Succeeded)
        assert [entry.seq for entry in one.shelf.entries] == list(
            range(1, len(one.shelf.entries) + 1)
        )


async def test_the_clock_wakes_it_when_something_is_due() -> None:
    async with bench("g/a") as one:
        await until(launched(one))
        await one.loop.submit(one.started())
        await one.loop.submit(one.ended(code=1))
        await until(lambda: one.loop.durable.tasks[A].failures == 1)
        one.performed.clear()
        one.clock.advance(10)
        await asyncio.sleep(0.05)
        assert not launched(one)()
        one.clock.advance(3600)
        await until(launched(one))


async def test_intents_are_answered_once_durable_even_two_at_once() -> None:
    async with bench("g/a") as one:
        one.journal.gate.clear()
        async with asyncio.TaskGroup() as group:
            pause = group.create_task(one.loop.ask(Pause(), "ada"))
            resume = group.create_task(one.loop.ask(Resume(), "bob"))
            await asyncio.sleep(0.05)
            assert not pause.done()
            one.journal.gate.set()
        assert pause.result().messages
        assert resume.result().messages
        whos = [entry.event for entry in one.shelf.entries if "Wanted" in entry.event]
        assert "ada" in whos[0]
        assert "bob" in whos[1]


async def test_a_full_journal_launches_nothing_and_loses_nothing() -> None:
    async with bench("g/a", "g/b") as one:
        one.shelf.full = True
        await until(lambda: one.space)
        await one.loop.submit(DiskChanged(reason=one.space[0]))
        answer = await one.loop.ask(Pause(), "ada")
        assert not answer.ok
        assert "free some space" in answer.messages[0]
        assert one.performed == []
        assert one.loop.full is not None
        one.shelf.full = False
        one.clock.advance(1)
        await until(lambda: one.space[1:] == [None])
        await until(launched(one))
        assert one.loop.full is None
        assert one.shelf.desk is not None
        assert one.shelf.desk.paused


async def test_closing_commits_what_was_stepped_and_turns_the_rest_away() -> None:
    async with bench("g/a") as one:
        await until(launched(one))
        one.journal.gate.clear()
        await one.loop.submit(one.started())
        await until(lambda: isinstance(one.loop.batch.tasks[A].phase, Running))
        one.loop.close()
        late = asyncio.ensure_future(one.loop.ask(Pause(), "ada"))
        await asyncio.sleep(0)
        one.journal.gate.set()
        answer = await late
        assert not answer.ok
    assert isinstance(one.shelf.tasks[A].phase, Running)


async def test_closes_at_last_although_the_journal_stays_full() -> None:
    one = Bench(spec_of("g/a"))
    one.shelf.full = True
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.loop.run())
        await until(lambda: one.space)
        one.loop.close()
        for _ in range(20):
            await asyncio.sleep(0.01)
            one.clock.advance(1)
        await until(task.done)
    await one.writer.close()
    assert one.performed == []
