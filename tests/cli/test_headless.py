"""Following without a screen: what is said, who is obeyed, what is exited with."""

import asyncio
import os
import signal
from collections.abc import Callable

import pytest

from supervisor.cli import headless
from supervisor.cli.headless import Headless
from supervisor.core.board import LimitRow
from supervisor.core.intents import Stop
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until

NOW = 1060.0
Direct = Callable[[], object]


async def followed(engine: FakeEngine, *acts: object, **options: object) -> int:
    """Follow ``engine`` while ``acts`` (coroutine functions or calls) are done in turn."""
    follower = Headless(engine, who="me", now=lambda: NOW, **options)  # type: ignore[arg-type]
    async with asyncio.TaskGroup() as group:
        following = group.create_task(follower.run())
        await until(lambda: engine.readers or following.done())
        for act in acts:
            done = act()  # type: ignore[operator]
            if done is not None:
                await done
    return following.result()


async def test_it_tells_what_happens_and_how_it_ended(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FakeEngine(board_of(row("g/a", "running", attempt=1), row("g/b", "succeeded")))
    retry = row("g/a", "backing_off", attempt=1, error_class="network", cause="reset")
    running = row("g/a", "running", attempt=2, error_class="network", cause="reset")
    failed = row("g/a", "failed", attempt=2, error_class="broken", cause="no such file")
    code = await followed(
        engine,
        lambda: engine.show(retry),
        lambda: until(lambda: "backing off" in _peek(capsys)),
        lambda: engine.show(running),
        lambda: engine.show(failed, state="done"),
    )
    assert code == 1
    lines = _peek(capsys).splitlines()
    assert "failed  g/a  broken  no such file  (1/2, 1 failed)" in lines[1]
    assert lines[2:] == [
        "night: 1 of 2 tasks succeeded, 1 failed (broken 1)",
        "met on the way: broken 1, network 1",
        "overnight failed lists them with their causes",
    ]


_said: list[str] = []


@pytest.fixture(autouse=True)
def _fresh() -> None:
    _said.clear()


def _peek(capsys: pytest.CaptureFixture[str]) -> str:
    """Return everything printed so far."""
    _said.append(capsys.readouterr().out)
    return "".join(_said)


async def test_what_was_over_before_is_no_news(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FakeEngine(board_of(row("g/a", "failed", error_class="auth"), state="done"))
    assert await followed(engine) == 1
    assert _peek(capsys).startswith("night: 0 of 1")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_the_batch_resumably(number: signal.Signals) -> None:
    engine = FakeEngine(board_of(row("g/a", "running"), row("g/b", "succeeded")))
    assert await followed(engine, lambda: os.kill(os.getpid(), number)) == 130
    assert engine.wanted == [(Stop(mode="stop"), "me")]


async def test_a_second_one_leaves_at_once() -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    engine.ends_on_stop = False
    code = await followed(
        engine,
        lambda: os.kill(os.getpid(), signal.SIGINT),
        lambda: until(lambda: engine.wanted),
        lambda: os.kill(os.getpid(), signal.SIGINT),
    )
    assert code == 130
    assert engine.readers == 0


async def test_a_closed_terminal_is_no_wish_to_stop() -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    before = signal.getsignal(signal.SIGHUP)
    code = await followed(
        engine,
        lambda: os.kill(os.getpid(), signal.SIGHUP),
        lambda: engine.show(row("g/a", "succeeded"), state="done"),
    )
    assert (code, engine.wanted) == (0, [])
    assert signal.getsignal(signal.SIGHUP) is before


async def test_an_interrupt_after_the_last_task_changes_nothing() -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    engine.ends_on_stop = False
    code = await followed(
        engine,
        lambda: os.kill(os.getpid(), signal.SIGINT),
        lambda: until(lambda: engine.wanted),
        lambda: engine.show(row("g/a", "succeeded"), state="done"),
    )
    assert code == 0


async def test_somebody_else_stops_it() -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    assert await followed(engine, lambda: engine.submit(Stop(), "other")) == 130


async def test_a_time_that_is_up_is_a_limit(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    rows = (row("g/a", "succeeded"), row("g/b", "waiting"))
    code = await followed(engine, lambda: engine.show(*rows, state="stopped", time_up=True))
    assert code == 2
    assert "goes on with the next overnight run" in _peek(capsys)


async def test_hours_that_open_too_late_are_not_waited_for() -> None:
    engine = FakeEngine(board_of(row("g/a", "waiting"), state="held", launches_at=NOW + 7200))
    assert await followed(engine, max_wait_s=3600) == 2


async def test_watching_only_leaves(capsys: pytest.CaptureFixture[str]) -> None:
    engine = FakeEngine(board_of(row("g/a", "running")))
    code = await followed(engine, lambda: os.kill(os.getpid(), signal.SIGINT), watching=True)
    assert (code, engine.wanted) == (0, [])
    lines = _peek(capsys).splitlines()
    assert lines[0].endswith("  running 1")
    assert lines[-1] == "night runs on"


def _held(until_: float | None) -> LimitRow:
    return LimitRow(limit="trapi", held_until=until_, reason="weekly", since=NOW, state="held")


@pytest.mark.parametrize(
    ("until_", "max_wait_s"), [(NOW + 7200, 3600.0), (None, 0.0), (NOW + 9, 0.0)]
)
async def test_nothing_can_run_in_time(until_: float | None, max_wait_s: float) -> None:
    engine = FakeEngine(
        board_of(row("g/a", "held"), row("g/b", "failed"), state="held", limits=(_held(until_),))
    )
    assert await followed(engine, max_wait_s=max_wait_s) == 2
    assert engine.wanted == [(Stop(mode="stop"), "me")]


@pytest.mark.parametrize("until_", [NOW + 1800, None])
async def test_a_wait_that_is_allowed_is_waited(until_: float | None) -> None:
    engine = FakeEngine(board_of(row("g/a", "held"), state="held", limits=(_held(until_),)))
    code = await followed(
        engine,
        lambda: engine.show(row("g/a", "succeeded"), state="done", limits=()),
        max_wait_s=3600.0,
    )
    assert (code, engine.wanted) == (0, [])


async def test_while_something_runs_nothing_is_given_up() -> None:
    engine = FakeEngine(
        board_of(row("g/a", "held"), row("g/b", "running"), limits=(_held(NOW + 7200),))
    )
    code = await followed(
        engine,
        lambda: engine.show(row("g/b", "succeeded"), state="held"),
        lambda: until(lambda: engine.wanted),
        max_wait_s=3600.0,
    )
    assert code == 2


async def test_a_wait_that_lasts_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(headless, "_TICK_S", 0.01)
    monkeypatch.setattr(headless, "_BEAT_S", 0.03)
    engine = FakeEngine(board_of(row("g/a", "held"), state="held", limits=(_held(None),)))
    times = iter(NOW + 100 * tick for tick in range(1000))
    follower = Headless(engine, who="me", now=lambda: next(times), max_wait_s=500.0)
    async with asyncio.timeout(20):
        assert await follower.run() == 2


async def test_the_heart_beats(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(headless, "_TICK_S", 0.01)
    monkeypatch.setattr(headless, "_BEAT_S", 0.02)
    engine = FakeEngine(board_of(row("g/a", "running")))
    code = await followed(
        engine,
        lambda: until(lambda: "  running 1" in _peek(capsys)),
        lambda: engine.show(row("g/a", "succeeded"), state="done"),
    )
    assert code == 0


async def test_a_held_batch_that_somebody_stops_is_interrupted() -> None:
    engine = FakeEngine(board_of(row("g/a", "held"), limits=(_held(None),), state="held"))
    assert await followed(engine, lambda: engine.submit(Stop(), "other")) == 130
