from supervisor.core.board import LimitRow, NeedsYou
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying
from tests.tui.scene import NOW

NEED = NeedsYou(
    what="trapi",
    since=NOW,
    why="login expired 02:04 (AADSTS700082)",
    command="az login --use-device-code; overnight resume trapi",
)


def held(*names: str) -> tuple[LimitRow, ...]:
    return tuple(
        LimitRow(limit=name, held_until=NOW + 90, reason="429", since=NOW, state="held")
        for name in names
    )


async def test_without_news_there_is_no_banner() -> None:
    async with flying(FakeEngine(board_of(row("g/a")))) as flight:
        banner = flight.overview.query_one("#notices")
        assert not banner.display
        await flight.fake.show(needs_you=(NEED,))
        await until(lambda: "NEEDS YOU" in flight.text())
        assert banner.region.height == 2
        await flight.fake.show(needs_you=())
        await until(lambda: not banner.display)


async def test_a_cure_stands_in_full_where_it_fits() -> None:
    fake = FakeEngine(board_of(row("g/a"), needs_you=(NEED,)))
    async with flying(fake, size=(200, 50)) as flight:
        line = next(line for line in flight.text().splitlines() if "NEEDS YOU" in line)
        assert f"{NEED.why} → {NEED.command}" in line
        assert line.endswith("[!]")
    async with flying(FakeEngine(board_of(row("g/a"), needs_you=(NEED,)))) as flight:
        assert f"→ {NEED.command}" in flight.text().splitlines()[3]


async def test_what_has_no_room_is_counted() -> None:
    fake = FakeEngine(board_of(row("g/a"), limits=held("a", "b", "c", "d", "e")))
    async with flying(fake) as flight:
        lines = flight.text().splitlines()
        assert sum("HELD" in line for line in lines) == 3
        assert "+2 more" in lines[4]
    fake = FakeEngine(board_of(row("g/a"), needs_you=(NEED,), limits=held("a", "b")))
    async with flying(fake, size=(40, 20)) as flight:
        assert "+1" in flight.text()


async def test_a_countdown_moves_with_the_clock() -> None:
    async with flying(FakeEngine(board_of(row("g/a"), limits=held("a")))) as flight:
        assert "90s left" in flight.text()
        flight.time.now += 30
        await until(lambda: "60s left" in flight.text())
