from supervisor.tui.messages import Said
from tests.support import until
from tests.tui.piloting import flying


async def test_the_footer_shows_as_many_keys_as_fit() -> None:
    async with flying(size=(120, 40)) as flight:
        line = flight.text().splitlines()[-1]
        assert line.startswith(" ? help  1-6 screens  q leave  ! cure  p pause")
        assert "l read log" in line


async def test_a_reader_sees_no_keys_that_change_things() -> None:
    async with flying(read_only=True) as flight:
        line = flight.text().splitlines()[-1]
        assert "pause" not in line
        assert "w why" in line


async def test_what_is_said_takes_the_line() -> None:
    async with flying() as flight:
        flight.overview.post_message(Said("a\x1b[31m" + "b" * 200, bad=True))
        await until(lambda: flight.app.said)
        await flight.pilot.pause()
        line = flight.text().splitlines()[-1]
        assert line.startswith(" ✗ abbb")
        assert line.endswith("…")
