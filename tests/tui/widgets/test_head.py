import pytest

from supervisor.core.containers import ContainerCounts
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying
from tests.tui.scene import HOUR, NOW


@pytest.mark.parametrize("width", [40, 60, 80, 200])
async def test_the_head_says_the_most_important_at_any_width(width: int) -> None:
    async with flying(size=(width, 24)) as flight:
        first, second = flight.text().splitlines()[:2]
        assert first.startswith(" corebench-night")
        assert "● running" in first
        assert first.endswith("02:14")
        assert "17/46 36%  2 failed" in second


async def test_a_wide_head_counts_every_phase() -> None:
    async with flying(size=(200, 50)) as flight:
        second = flight.text().splitlines()[1]
        assert "1 backing off  3 running  1 starting  21 waiting  13 succeeded" in second


async def test_a_long_batch_name_is_cut_in_its_middle() -> None:
    fake = FakeEngine(board_of(row("g/a"), batch="night-" * 20 + "end"))
    async with flying(fake, size=(60, 24)) as flight:
        first = flight.text().splitlines()[0]
        assert "…" in first
        assert "● running" in first
        assert first.endswith("02:14")


async def test_eta_and_state_change_in_place() -> None:
    fake = FakeEngine(board_of(row("g/a", "running"), started_at=NOW - HOUR))
    async with flying(fake, size=(100, 24)) as flight:
        assert "ETA" not in flight.text()
        await fake.show(eta_s=2 * HOUR)
        await until(lambda: "ETA 04:14" in flight.text().splitlines()[0])
        await fake.show(state="paused")
        await until(lambda: "■ paused 1h00" in flight.text().splitlines()[0])


async def test_a_silent_engine_is_named_even_on_a_phone() -> None:
    fake = FakeEngine()
    fake.gone = True
    async with flying(fake, size=(40, 20)) as flight:
        await until(lambda: flight.app.link.state == "gone")
        await flight.pilot.pause()
        assert "no answer from the engine" in flight.text()


async def test_containers_are_counted_where_there_is_room() -> None:
    counts = ContainerCounts(busy=3, idle=37, dead_idle=20)
    fake = FakeEngine(board_of(row("g/a"), containers=counts))
    async with flying(fake, size=(160, 24)) as flight:
        await until(lambda: "2 containers 3/60 busy 20 dead" in flight.text())
    fake = FakeEngine(board_of(row("g/a"), containers=ContainerCounts(exited=2)))
    async with flying(fake, size=(160, 24)) as flight:
        await until(lambda: "2 containers  3 failures" in flight.text())
