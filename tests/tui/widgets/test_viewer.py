from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from supervisor.tui.screens.log import LogScreen
from supervisor.tui.widgets.viewer import LogViewer
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import Flight, flying

LINES = b"".join(b"line %05d\n" % number for number in range(20_000))


@asynccontextmanager
async def reading(
    data: bytes, size: tuple[int, int] = (80, 24), **facts: object
) -> AsyncIterator[tuple[Flight, LogViewer]]:
    fake = FakeEngine(board_of(row("g/a", "running", attempt=1, **facts)))
    fake.logs["g/a", 1, "stdout"] = data
    fake.logs["g/a", 1, "stderr"] = b"warning\n"
    async with flying(fake, size=size) as flight:
        await flight.press("5")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        screen = flight.app.screen
        assert isinstance(screen, LogScreen)
        await until(lambda: screen.viewer.reader.sizes)
        await flight.pilot.pause()
        yield flight, screen.viewer


async def test_a_long_log_opens_at_its_end_and_follows() -> None:
    async with reading(LINES) as (flight, viewer):
        await until(lambda: "line 19999" in flight.text())
        assert "following" in flight.text()
        assert "attempt 1 of 1" in flight.text()
        flight.fake.logs["g/a", 1, "stdout"] += b"news\n"
        await until(lambda: "news" in viewer.visible_text())


async def test_keys_read_and_come_back_to_the_end() -> None:
    async with reading(LINES) as (flight, viewer):
        await until(lambda: "line 19999" in flight.text())
        await flight.press("g")
        await until(lambda: "line 00000" in viewer.visible_text())
        assert "following" not in flight.text()
        await flight.press("pagedown")
        await until(lambda: "line 00000" not in viewer.visible_text())
        await flight.press("G")
        await until(lambda: "line 19999" in viewer.visible_text())
        assert "following" in flight.text()


async def test_hostile_lines_do_nothing_but_stand_there() -> None:
    data = b"\x1b]52;c;aGk=\x07\x1b[2Jone\x1b[31m two[/bold]\xff\xe2\x80\xae\n" + b"x" * 100_000
    async with reading(data) as (flight, viewer):
        await until(lambda: "xxx" in viewer.visible_text())
        await flight.press("g")
        await until(lambda: "one two[/bold]" in flight.text())
        assert "\x1b" not in flight.text()
        assert "\u202e" not in flight.text()


async def test_a_hidden_log_asks_for_nothing() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("1")
        assert not viewer.seen
        flight.fake.logs["g/a", 1, "stdout"] += b"news\n"
        viewer.call_later(viewer.ask)
        await flight.pilot.pause(0.05)
        assert "news" not in viewer.visible_text()
        await flight.press("5")
        await until(lambda: "news" in viewer.visible_text())


async def test_only_lines_that_were_found_are_shown_as_they_come() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"2345", "enter")
        await until(lambda: viewer.visible_text() == "line 02345\nline 12345")
        assert "only 2345: 2 of 2 found" in flight.text()
        flight.fake.logs["g/a", 1, "stdout"] += b"news 2345\n"
        await until(lambda: viewer.visible_text() == "line 02345\nline 12345\nnews 2345")


async def test_who_reads_what_was_found_is_not_moved_by_more() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"line 1", "enter")
        await until(lambda: "at the end" in flight.text() and "10000 found" in flight.text())
        await flight.press("g")
        await until(lambda: viewer.visible_text().startswith("line 10000\nline 10001"))
        before = viewer.visible_text()
        flight.fake.logs["g/a", 1, "stdout"] += b"line 1 again\n"
        await until(lambda: "10001 found" in flight.text())
        assert viewer.visible_text() == before


async def test_all_lines_come_back_around_the_one_that_was_looked_at() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"5", "enter")
        await until(lambda: "line 19995" in viewer.visible_text())
        assert not viewer.next_found(1)
        await flight.press("N", "g")
        await until(lambda: viewer.visible_text().startswith("line 00005\nline 00015"))
        assert not viewer.next_found(-1)
        await flight.press("ampersand")
        await until(lambda: "line 00050\nline 00051\nline 00052" in viewer.visible_text())
        assert "line 00046" in viewer.visible_text()
        assert viewer.sieve is None
        await flight.press("ampersand")
        await until(lambda: viewer.sieve is not None)
        await flight.press("escape", "escape")
        assert viewer.sieve is None
        assert viewer.finding is None


async def test_lines_that_nobody_wrote_are_said_to_be_none() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"absent", "enter")
        await until(lambda: "no line has it" in flight.text())
        viewer.find("", regex=False)
        await until(lambda: "line 19999" in viewer.visible_text())


async def test_another_stream_is_sifted_anew() -> None:
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"warning", "enter")
        await until(lambda: "no line has it" in flight.text())
        await flight.press("o")
        await until(lambda: viewer.visible_text() == "warning")
