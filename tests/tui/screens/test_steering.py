import pytest

from supervisor.core.intents import (
    Cancel,
    First,
    Freeze,
    Kill,
    Pause,
    Refresh,
    Resume,
    Retry,
    SetParallel,
    Stop,
    Thaw,
)
from supervisor.core.models import GroupId, LimitId
from supervisor.tui.screens.dialog import Dialog
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying
from tests.tui.scene import night


async def select(flight: Flight, task: str) -> None:
    flight.overview.tasks.go_to(flight.overview.tasks.keys.index(task))
    await flight.pilot.pause()


async def test_p_pauses_the_group_of_the_row_and_lets_it_go_on() -> None:
    async with flying() as flight:
        await select(flight, "scicode/problem-0012")
        await flight.press("p")
        await select(flight, "colbench/dialogue-01")
        await flight.press("p")
        assert await flight.wanted(2) == [Pause(group=GroupId("scicode")), Resume(name="colbench")]


async def test_in_the_groups_the_row_itself_is_meant() -> None:
    async with flying() as flight:
        await flight.press("shift+tab", "p", "plus")
        assert await flight.wanted(2) == [
            Pause(group=GroupId("scicode")),
            SetParallel(group=GroupId("scicode"), parallel=6),
        ]


async def test_plus_and_minus_add_up_before_the_board_answers() -> None:
    async with flying() as flight:
        await flight.press("plus", "plus", "equals_sign", "minus")
        orders = await flight.wanted(4)
        assert [order.parallel for order in orders if isinstance(order, SetParallel)] == [
            6,
            7,
            8,
            7,
        ]
        flight.time.now += 10
        await flight.pilot.pause(0.1)
        await flight.press("minus")
        assert (await flight.wanted(5))[-1] == SetParallel(group=GroupId("scicode"), parallel=4)


async def test_parallelism_can_be_typed() -> None:
    async with flying() as flight:
        await flight.press("colon", *"set par", "enter")
        await flight.press("backspace", *"12", "enter")
        assert await flight.wanted() == [SetParallel(group=GroupId("scicode"), parallel=12)]
        await flight.press("colon", *"set par", "enter")
        await flight.press("backspace", *"0x", "enter")
        assert "is not a number" in await flight.said()


async def test_freezing_asks_and_thawing_does_not() -> None:
    async with flying() as flight:
        await select(flight, "scicode/problem-0015")
        await flight.press("z", "escape")
        assert flight.fake.wanted == []
        await flight.press("z", "z")
        await select(flight, "corebench/capsule-0504157")
        await flight.press("z")
        assert await flight.wanted(2) == [
            Freeze(targets=("scicode/problem-0015",)),
            Thaw(targets=("corebench/capsule-0504157",)),
        ]
        await select(flight, "scicode/problem-0013")
        await flight.press("z")
        assert await flight.said()


async def test_one_dialog_stops_to_run_again_or_for_good() -> None:
    task = "scicode/problem-0015"
    async with flying() as flight:
        await select(flight, task)
        await flight.press("K", "escape", "K", "r")
        await flight.press("K", "c")
        assert await flight.wanted(2) == [Kill(targets=(task,)), Cancel(targets=(task,))]


async def test_what_does_not_run_can_only_be_cancelled() -> None:
    async with flying() as flight:
        await select(flight, "scienceagentbench/instance-001")
        await flight.press("K", "r")
        assert isinstance(flight.app.screen, Dialog)
        await flight.press("c")
        assert await flight.wanted() == [Cancel(targets=("scienceagentbench/instance-001",))]


async def test_what_is_over_is_not_stopped() -> None:
    async with flying() as flight:
        await select(flight, "scicode/problem-0012")
        await flight.press("K")
        assert "all of it is over" in await flight.said()


async def test_marks_are_what_is_stopped() -> None:
    async with flying() as flight:
        await select(flight, "scicode/problem-0015")
        await flight.press("space", "space", "K")
        assert "Stop 2 tasks?" in flight.text()
        assert "1 of 2 running now" in flight.text()
        await flight.press("r", "K", "c")
        assert await flight.wanted(2) == [
            Kill(targets=("scicode/problem-0015",)),
            Cancel(targets=("scicode/problem-0015", "corebench/capsule-2345790")),
        ]


async def test_retry_of_one_is_at_once_and_of_a_group_asks() -> None:
    async with flying() as flight:
        await flight.press("r")
        assert await flight.wanted() == [Retry(targets=("scicode/problem-0013",))]
        await flight.press("shift+tab", "j", "r")
        assert "Retry 2 tasks?" in flight.text()
        await flight.press("r")
        assert (await flight.wanted(2))[1] == Retry(
            targets=("corebench/capsule-0921079", "corebench/capsule-2345790")
        )


async def test_what_succeeded_is_not_retried() -> None:
    async with flying() as flight:
        await select(flight, "scicode/problem-0012")
        await flight.press("r")
        assert "nothing here has failed" in await flight.said()


async def test_first_moves_what_waits() -> None:
    async with flying() as flight:
        await select(flight, "scienceagentbench/instance-009")
        await flight.press("colon", *"run first", "enter")
        assert await flight.wanted() == [First(targets=("scienceagentbench/instance-009",))]
        await select(flight, "scicode/problem-0012")
        await flight.press("colon", *"run first", "enter")
        assert await flight.said()


@pytest.mark.parametrize(
    ("key", "intent"),
    [("exclamation_mark", Refresh(limit=LimitId("trapi"))), ("r", Resume(name="trapi"))],
)
async def test_a_limit_is_refreshed_or_released(key: str, intent: object) -> None:
    async with flying() as flight:
        await flight.press("exclamation_mark", "2", key)
        assert await flight.wanted() == [intent]


async def test_the_only_trouble_is_shown_at_once_and_its_cure_copied(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with flying(FakeEngine(night(limits=()))) as flight:
        copied: list[str] = []
        monkeypatch.setattr(flight.app, "copy_to_clipboard", copied.append)
        await flight.press("exclamation_mark", "y")
        await flight.said()
        assert copied == ["az login --use-device-code; overnight resume azure"]


async def test_no_trouble_needs_no_cure() -> None:
    async with flying(FakeEngine(board_of(row("g/a")))) as flight:
        await flight.press("exclamation_mark")
        assert await flight.said() == "nothing needs you, and no limit holds"


@pytest.mark.parametrize(("key", "mode"), [("s", "stop"), ("d", "drain"), ("l", "leave_running")])
async def test_three_ways_to_stop(key: str, mode: str) -> None:
    fake = FakeEngine(board_of(row("g/a", "running")))
    fake.ends_on_stop = False
    async with flying(fake) as flight:
        await flight.press("Q", key)
        assert await flight.wanted() == [Stop(mode=mode)]  # type: ignore[arg-type]


async def test_the_helm_is_loaded_before_a_key_needs_it() -> None:
    async with flying() as flight:
        await until(lambda: "helm" in vars(flight.overview))


async def test_without_tasks_keys_do_nothing() -> None:
    async with flying(FakeEngine(board_of())) as flight:
        await flight.press("p", "plus", "w", "l", "escape", "y", "enter", "space", "f", "o")
        assert flight.fake.wanted == []
