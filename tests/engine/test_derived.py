"""Files for people are written soon, seldom, and without harm when they cannot be."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from supervisor.core.events import Ended, Started, Tick
from supervisor.core.models import Detection, End, ErrorClass, TaskId
from supervisor.core.outcome import iso
from supervisor.core.state import Batch, fresh, rows_changed
from supervisor.core.step import step
from supervisor.engine.derived import Derived
from supervisor.ports import Ref
from tests.engine.batches import ONCE, spec_of
from tests.engine.night import Desk
from tests.support import ManualClock, until

A = TaskId("g/a")


class Bench:
    def __init__(self) -> None:
        self.clock = ManualClock()
        self.desk = Desk()
        self.banners: list[str | None] = []
        self.batch: Batch = fresh(spec_of("g/a", "g/b", "g/c", retry=ONCE), "u", self.clock.now())
        self.derived = Derived(
            self.desk, self.clock, self.batch, lambda _key, text: self.banners.append(text)
        )
        self.happen(Tick())

    def happen(self, event: Tick | Started | Ended) -> None:
        before = self.batch
        self.batch, _ = step(before, event, self.clock.now())
        self.derived.note(self.batch, set(rows_changed(before, self.batch).tasks))

    def fail(self, name: str) -> None:
        end = End(code=1, ended_at=self.clock.now(), last_line="boom")
        self.derived.keep_tail(Ref(TaskId(name), 1), "Traceback\nboom")
        self.happen(Ended(task=TaskId(name), attempt=1, end=end))


@asynccontextmanager
async def bench() -> AsyncGenerator[Bench, None]:
    one = Bench()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(one.derived.run())
        yield one
        task.cancel()


async def test_a_failure_is_written_at_once_with_its_last_words() -> None:
    async with bench() as one:
        one.fail("g/a")
        await until(lambda: one.desk.written)
        document, error_log = one.desk.failures[A]
        assert document["phase"] == "failed"
        assert "Traceback" in error_log


async def test_ends_that_follow_each_other_closely_are_written_together() -> None:
    async with bench() as one:
        one.fail("g/a")
        await until(lambda: one.desk.written == 1)
        one.fail("g/b")
        one.fail("g/c")
        await asyncio.sleep(0.05)
        assert one.desk.written == 1

        def written_again() -> bool:
            one.clock.advance(1)
            return one.desk.written == 2

        await until(written_again)
        assert len(one.desk.failures) == 3


async def test_a_failure_that_could_not_be_written_is_written_later() -> None:
    async with bench() as one:
        one.desk.broken = "no space"
        one.fail("g/a")
        await until(lambda: one.banners == ["no space"])
        one.desk.broken = ""
        one.fail("g/b")

        def written() -> bool:
            one.clock.advance(1)
            return bool(one.desk.written)

        await until(written)
        assert set(one.desk.failures) == {"g/a", "g/b"}
        assert one.banners[-1] is None


async def test_a_hold_is_written_as_soon_as_it_begins_and_when_it_grows() -> None:
    async with bench() as one:
        for name, at_s in (("g/a", 3600.0), ("g/b", 7200.0), ("g/c", 60.0)):
            until_at = one.clock.now() + at_s
            window = Detection(
                rule="r",
                error_class=ErrorClass.USAGE_WINDOW,
                line="closed",
                stream="stderr",
                strong=True,
                written_at=one.clock.now(),
                retry_at=until_at,
            )
            end = End(code=1, ended_at=one.clock.now(), detections=(window,))
            one.happen(Ended(task=TaskId(name), attempt=1, end=end))
        await until(lambda: one.desk.written == 1)
        assert one.desk.summary["pause_count"] == 1
        assert one.desk.summary["rate_limit_until"] == iso(one.clock.now() + 7200 + 60)


async def test_whoever_waits_for_the_files_waits_no_longer_than_a_writing() -> None:
    async with bench() as one:
        one.fail("g/a")
        await until(lambda: one.desk.written == 1)
        one.fail("g/b")
        await one.derived.written()
        assert (one.desk.written, set(one.desk.failures)) == (2, {"g/a", "g/b"})
        one.desk.broken = "no space"
        one.fail("g/c")
        await one.derived.written()
        assert one.banners[-1] == "no space", "a full disk holds up nobody"


async def test_nobody_waits_for_what_is_written_no_more() -> None:
    async with bench() as one:
        early = asyncio.create_task(one.derived.written())
        await one.derived.finish(one.batch)
        await early
        await one.derived.written()


async def test_the_last_writing_holds_everything_and_a_report() -> None:
    async with bench() as one:
        one.fail("g/a")
        await one.derived.finish(one.batch)
    assert set(one.desk.failures) == {"g/a"}
    assert "night" in one.desk.text


async def test_a_bug_in_a_document_is_a_banner_too() -> None:
    async with bench() as one:
        one.desk.task_failed = None  # type: ignore[method-assign,assignment]
        one.fail("g/a")
        await one.derived.finish(one.batch)
    assert one.banners[-1] is not None
    assert "engine.log" in one.banners[-1]
