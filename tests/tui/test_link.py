import asyncio
from collections.abc import AsyncGenerator

from supervisor.core.board import EMPTY, Board, Change
from supervisor.ports import EngineTooNewError, LogWindow
from supervisor.tui.link import Link, described, follow, windows
from supervisor.tui.messages import LogAsk
from tests.fakes.engine import FakeEngine, row
from tests.support import until


class Follower:
    """Collects what ``follow`` shows and tells."""

    def __init__(self, engine: FakeEngine) -> None:
        self.boards: list[Board] = []
        self.links: list[Link] = []
        self.engine = engine

    async def run(self) -> None:
        await follow(self.engine, EMPTY, lambda: 5.0, self.boards.append, self.links.append)

    @property
    def states(self) -> list[str]:
        return [link.state for link in self.links]


async def test_changes_become_boards_until_the_end() -> None:
    engine = FakeEngine()
    follower = Follower(engine)
    async with asyncio.TaskGroup() as group:
        group.create_task(follower.run(), name="follow")
        await until(lambda: follower.boards)
        await engine.show(row("g/b", "running"))
        await until(lambda: "g/b" in follower.boards[-1].tasks)
        await engine.end()
    assert follower.states == ["live", "ended"]
    assert follower.boards[-1].connected


async def test_bursts_become_one_picture() -> None:
    engine = FakeEngine()
    follower = Follower(engine)
    async with asyncio.TaskGroup() as group:
        group.create_task(follower.run(), name="follow")
        await until(lambda: follower.boards)
        for number in range(20):
            await engine.show(row(f"g/{number}"))
        await until(lambda: "g/19" in follower.boards[-1].tasks)
        await engine.end()
    assert len(follower.boards) <= 3


class Flaky(FakeEngine):
    """Is gone until it is asked for the third time."""

    tries = 0

    async def changes(self) -> AsyncGenerator[Change, None]:
        self.tries += 1
        self.gone = self.tries < 3
        async for change in super().changes():
            yield change


async def test_a_broken_line_is_tried_again(monkeypatch: object) -> None:
    engine = Flaky()
    follower = Follower(engine)
    async with asyncio.TaskGroup() as group:
        group.create_task(follower.run(), name="follow")
        await until(lambda: follower.boards)
        await engine.end()
    assert follower.states == ["gone", "gone", "live", "ended"]
    assert follower.links[1].since == 5.0


class TooNew(FakeEngine):
    """Speaks another version."""

    async def changes(self) -> AsyncGenerator[Change, None]:
        raise EngineTooNewError("speaks version 9: stop --leave-running, then run")
        yield


async def test_another_version_is_told_and_not_tried_again() -> None:
    follower = Follower(TooNew())
    await follower.run()
    assert follower.states == ["ended"]
    assert "version 9" in follower.links[0].detail


async def test_logs_that_are_not_there_are_empty_and_a_gone_engine_says_nothing() -> None:
    engine = FakeEngine()
    engine.logs["g/a", 1, "stdout"] = b"hello"
    asks = (
        LogAsk("g/a", 1, "stdout", -64, 64),
        LogAsk("g/a", 1, "stderr", -64, 64),
    )
    assert await windows(engine, asks) == {
        "stdout": LogWindow(offset=0, size=5, data=b"hello"),
        "stderr": LogWindow(offset=0, size=0, data=b""),
    }
    engine.gone = True
    assert await windows(engine, asks) == {}


async def test_a_container_that_went_meanwhile_is_said_to_be_gone() -> None:
    engine = FakeEngine()
    assert await described(engine, "c1") == (None, "it is there no more")
    engine.gone = True
    found, why = await described(engine, "c1")
    assert found is None
    assert "engine" in why
