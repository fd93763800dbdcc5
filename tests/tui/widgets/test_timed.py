from supervisor.ports import Arrival
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.widgets.timed import TimedLog
from tests.support import until
from tests.tui.scene import MINUTE, NOW
from tests.tui.widgets.test_viewer import LINES, reading

CAME = [
    Arrival(offset=11 * 100, at=NOW - 10 * MINUTE),
    Arrival(offset=11 * 19_990, at=NOW - 5 * MINUTE),
    Arrival(offset=11 * 20_000, at=NOW - MINUTE, late=True),
]


async def test_lines_tell_when_they_were_seen() -> None:
    async with reading(LINES) as (flight, viewer):
        flight.fake.came["g/a", 1, "stdout"] = CAME
        await until(lambda: "line 19999" in flight.text())
        await flight.press("T")
        await until(lambda: "~02:13:00 line 19995" in flight.text())
        assert " 02:09:00 line 19989" in flight.text()
        assert "to ten seconds" in await flight.said()
        flight.fake.logs["g/a", 1, "stdout"] += b"news\n"
        await until(lambda: "02:14:00 news" in flight.text())
        await flight.press("o")
        await until(lambda: "warning" in viewer.visible_text())
        assert "02:" not in flight.text().split("\n")[4]
        await flight.press("T")
        assert not viewer.timed


async def test_times_and_shares_are_gone_to() -> None:
    async with reading(LINES) as (flight, viewer):
        flight.fake.came["g/a", 1, "stdout"] = CAME
        await flight.press("at", *"2:05", "enter")
        await until(lambda: "line 00100" in viewer.visible_text())
        await flight.press("at", *"50%", "enter")
        await until(lambda: "line 10000" in viewer.visible_text())
        await flight.press("at", *"100%", "enter")
        await until(lambda: "line 19999" in viewer.visible_text())
        await flight.press("at", *"02:13:59", "enter")
        await until(lambda: "nothing came since" in (flight.app.said or ("",))[0])
        await flight.press("at", *"noon", "enter")
        await until(lambda: "a time (02:14" in (flight.app.said or ("",))[0])


async def test_a_place_within_an_endless_line_is_gone_to() -> None:
    async with reading(b"one\n" + b"x" * 400_000) as (flight, viewer):
        await flight.press("at", *"50%", "enter")
        await until(lambda: "xxx" in viewer.visible_text() and viewer.reader._goal is None)
        await flight.press("g")
        await until(lambda: "one" in viewer.visible_text())


def test_nothing_is_asked_without_a_source() -> None:
    log = TimedLog(UNICODE)
    log._ask(lambda: None)
    assert not log.timed
