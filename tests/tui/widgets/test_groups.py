from tests.fakes.engine import FakeEngine, board_of
from tests.tui.piloting import flying


async def test_groups_show_state_slots_bar_and_reason() -> None:
    async with flying(size=(120, 40)) as flight:
        lines = [line for line in flight.text().splitlines() if "usaco  " in line]
        assert lines[0].split()[1:5] == ["aborted", "usaco", "0/2", "━" * 20]
        assert "breaker open · 5 consecutive failures" in lines[0]


async def test_no_groups_are_said() -> None:
    async with flying(FakeEngine(board_of()), size=(40, 20)) as flight:
        await flight.press("shift+tab")
        assert "no groups yet" in flight.text()
