"""Readers get the latest at their own pace; a slow one costs nobody anything."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from supervisor.core.board import EMPTY, Change, Edited, applied
from supervisor.core.containers import (
    ContainerCounts,
    ContainerRow,
    ContainersNow,
    ContainerState,
)
from supervisor.core.events import Started, Tick
from supervisor.core.models import TaskId
from supervisor.core.needs_you import need_of_edit
from supervisor.core.state import Batch, fresh, rows_changed
from supervisor.core.step import step
from supervisor.engine.hub import Hub
from supervisor.engine.process_load import Used
from supervisor.ports import Ref
from tests.engine.batches import spec_of
from tests.support import ManualClock, until

A, B = TaskId("g/a"), TaskId("g/b")


class Night:
    """A hub and the batch it shows."""

    def __init__(self, *, pace_s: float = 0.0) -> None:
        self.clock = ManualClock()
        self.left = 0
        self.batch: Batch = fresh(spec_of("g/a", "g/b"), "u", self.clock.now())
        self.hub = Hub(self.batch, self.clock.now, on_left=self.on_left, pace_s=pace_s)

    def on_left(self) -> None:
        self.left += 1

    def happen(self, event: Tick | Started) -> None:
        before = self.batch
        self.batch, _ = step(before, event, self.clock.now())
        self.hub.publish(self.batch, set(rows_changed(before, self.batch).tasks))

    def start(self, task: TaskId) -> None:
        self.happen(Started(task=task, attempt=1, started_at=self.clock.now()))


async def next_of(changes: AsyncGenerator[Change, None]) -> Change:
    async with asyncio.timeout(5):
        return await anext(changes)


async def test_the_whole_board_comes_first_then_only_what_changed() -> None:
    night = Night()
    async with aclosing(night.hub.changes()) as changes:
        first = await next_of(changes)
        assert first.whole
        assert [row.task for row in first.tasks] == [A, B]
        night.happen(Tick())
        night.start(A)
        second = await next_of(changes)
        assert not second.whole
        assert {row.task: row.phase for row in second.tasks} == {A: "running", B: "starting"}
        night.start(B)
        assert [row.task for row in (await next_of(changes)).tasks] == [B]


async def test_a_slow_reader_gets_the_latest_once_and_ends_up_right() -> None:
    night = Night()
    async with aclosing(night.hub.changes()) as slow, aclosing(night.hub.changes()) as quick:
        board = applied(EMPTY, await next_of(slow))
        await next_of(quick)
        night.happen(Tick())
        await next_of(quick)
        night.start(A)
        await next_of(quick)
        night.start(B)
        await next_of(quick)
        board = applied(board, await next_of(slow))
        assert {row.phase for row in board.tasks.values()} == {"running"}
        assert board.seq == night.hub.board().seq


async def test_readers_are_told_at_most_four_times_a_second() -> None:
    night = Night(pace_s=0.25)
    loop = asyncio.get_running_loop()
    async with aclosing(night.hub.changes()) as changes:
        await next_of(changes)
        began = loop.time()
        night.happen(Tick())
        await next_of(changes)
        night.start(A)
        await next_of(changes)
        assert loop.time() - began >= 0.49


async def test_rows_are_not_made_without_readers() -> None:
    night = Night()
    night.happen(Tick())
    assert night.hub.readers == 0
    assert night.hub.board().tasks[A].phase == "starting"


async def test_closing_gives_the_last_change_and_ends_every_reader() -> None:
    night = Night()
    seen: list[Change] = []

    async def read() -> None:
        async with aclosing(night.hub.changes()) as changes:
            async for change in changes:
                seen.append(change)

    async with asyncio.TaskGroup() as group:
        group.create_task(read())
        await until(lambda: night.hub.readers)
        night.happen(Tick())
        night.hub.close()
    assert [change.whole for change in seen] == [True, False]
    assert night.left == 1
    assert night.hub.readers == 0


async def test_a_reader_that_comes_after_the_end_still_sees_the_board() -> None:
    night = Night()
    night.hub.close()
    async with aclosing(night.hub.changes()) as changes:
        assert [change.whole async for change in changes] == [True]


async def test_trouble_of_the_engine_itself_is_shown_until_it_is_over() -> None:
    night = Night()
    async with aclosing(night.hub.changes()) as changes:
        await next_of(changes)
        night.hub.banner("disk", "no space left")
        shown = (await next_of(changes)).head.needs_you[0]
        assert (shown.what, shown.why, shown.since) == ("disk", "no space left", night.clock.now())
        night.clock.advance(5)
        night.hub.banner("disk", "no space left at all")
        again = (await next_of(changes)).head.needs_you[0]
        assert again.since == shown.since
        night.hub.banner("disk", None)
        assert (await next_of(changes)).head.needs_you == ()
        night.hub.banner("disk", None)


async def test_what_is_under_way_is_shown_until_it_is_over() -> None:
    night = Night()
    async with aclosing(night.hub.changes()) as changes:
        await next_of(changes)
        night.hub.under_way("pull x", "pulling x")
        (first,) = (await next_of(changes)).head.under_way
        night.clock.advance(5)
        night.hub.under_way("pull x", "pulling x: 2 of 4 MB")
        head = (await next_of(changes)).head
        assert [(one.text, one.since) for one in head.under_way] == [
            ("pulling x: 2 of 4 MB", first.since)
        ]
        assert head.needs_you == ()
        night.hub.under_way("pull x", None)
        assert (await next_of(changes)).head.under_way == ()
    seq = night.hub.board().seq
    night.hub.under_way("pull x", None)
    assert night.hub.board().seq == seq


async def test_the_same_banner_again_is_no_news() -> None:
    night = Night()
    night.hub.banner("disk", "full")
    seq = night.hub.board().seq
    night.hub.banner("disk", "full")
    assert night.hub.board().seq == seq


async def test_progress_is_shown_with_the_attempt_that_said_it() -> None:
    night = Night()
    night.start(A)
    night.hub.progress(Ref(A, 1), 2, 6)
    assert night.hub.board().tasks[A].progress == (2, 6)
    async with aclosing(night.hub.changes()) as changes:
        await next_of(changes)
        night.hub.progress(Ref(A, 1), 2, 6)
        night.hub.progress(Ref(A, 1), 3, 6)
        (row,) = (await next_of(changes)).tasks
        assert (row.task, row.progress) == (A, (3, 6))
    night.hub.progress(Ref(A, 9), 3, 6)
    assert night.hub.board().tasks[A].progress is None


async def test_an_edited_batch_file_is_shown_until_it_is_applied() -> None:
    night = Night()
    edited = Edited(file="/w/night.yaml", since=5.0, brief="g.parallel: 4 → 8", seen="x")
    night.hub.edited(edited)
    head = night.hub.board().head
    assert head.edited == edited
    assert head.needs_you == (need_of_edit(edited),)
    night.hub.edited(None)
    assert night.hub.board().head.needs_you == ()


def container(id_: str, state: ContainerState = "idle") -> ContainerRow:
    return ContainerRow(id=id_, name=id_, image="i", task=A, owned=True, state=state)


async def test_containers_are_shown_as_they_change() -> None:
    night, now = Night(), ContainersNow(host_cores=8)
    one, two = container("1"), container("2")
    night.hub.containers({"1": one, "2": two}, now)
    async with aclosing(night.hub.changes()) as changes:
        board = applied(EMPTY, await next_of(changes))
        assert list(board.containers) == ["1", "2"]
        assert board.tasks[A].containers == ContainerCounts(idle=2)
        night.hub.containers({"1": container("1", "busy")}, now)
        change = await next_of(changes)
        assert (len(change.containers), change.gone) == (1, ("2",))
        board = applied(board, change)
        assert [row.state for row in board.containers.values()] == ["busy"]
        assert board.tasks[A].containers == ContainerCounts(busy=1)
        assert board.head.containers == ContainerCounts(busy=1)
        assert board.containers == night.hub.board().containers


async def test_what_processes_use_is_shown_at_their_task() -> None:
    night = Night()
    night.happen(Tick())
    night.start(A)
    async with aclosing(night.hub.changes()) as changes:
        await next_of(changes)
        night.hub.used(Ref(A, 1), Used(cores=0.5, mem_bytes=3 << 20))
        (row,) = (await next_of(changes)).tasks
        assert (row.cores, row.mem_bytes) == (0.5, 3 << 20)
        assert night.hub.board().tasks[A] == row
