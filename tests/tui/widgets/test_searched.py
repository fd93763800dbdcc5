import pytest

from tests.support import until
from tests.tui.widgets.test_viewer import LINES, reading


async def test_a_search_marks_lines_and_goes_to_them() -> None:
    async with reading(LINES) as (flight, viewer):
        await until(lambda: "line 19999" in flight.text())
        viewer.find("line 00123", regex=False)
        await until(lambda: "1 of 1 found" in flight.text())
        assert "◉ line 00123" in flight.text()
        viewer.find("9999", regex=False)
        await until(lambda: viewer.finding is not None and len(viewer.finding.lines) > 1)
        assert viewer.finding is not None
        assert viewer.finding.lines == [9999 * 11, 19999 * 11]
        assert viewer.next_found(-1) or viewer.next_found(1)


async def test_a_search_for_nothing_there_says_so() -> None:
    async with reading(LINES) as (flight, viewer):
        viewer.find("absent", regex=False)
        await until(lambda: "absent: not found" in flight.text())
        assert not viewer.next_found(1)
        viewer.find("(", regex=True)
        await until(lambda: "no pattern" in flight.text())


async def test_what_is_written_after_a_search_is_searched_too() -> None:
    async with reading(b"needle 1\n") as (flight, viewer):
        viewer.find("needle", regex=False)
        await until(lambda: "of 1 found" in flight.text())
        flight.fake.logs["g/a", 1, "stdout"] += b"needle 2\n"
        await until(lambda: "2 found" in flight.text())


async def test_long_lines_are_wrapped_or_cut_and_moved() -> None:
    data = b"".join(b"%05d " % number for number in range(40)) + b"\n"
    async with reading(data, size=(60, 20)) as (flight, viewer):
        await until(lambda: "00039" in viewer.visible_text())
        assert "00039" in flight.text()
        viewer.wrapping = False
        await flight.pilot.pause()
        assert "00039" not in flight.text()
        assert "00000" in flight.text()
        for _ in range(10):
            viewer.slide(1)
        await flight.pilot.pause()
        assert "00039" in flight.text()
        assert "00000" not in flight.text()
        viewer.slide(-20)
        await flight.pilot.pause()
        assert "00000" in flight.text()


@pytest.mark.parametrize("phase", ["failed", "running"])
async def test_the_line_that_proves_the_cause_is_gone_to(phase: str) -> None:
    cause = "openai.AuthenticationError: Error code: 401 - expired"
    data = LINES[:660] + cause.encode() + b"\n" + LINES[:660]
    async with reading(data, cause=cause) as (flight, viewer):
        await until(lambda: "line 00059" in flight.text())
        assert cause not in viewer.visible_text()
        assert viewer.next_found(-1)
        await until(lambda: cause in viewer.visible_text())
        assert not viewer.next_found(-1)


async def test_a_proof_that_was_not_read_yet_is_searched_for() -> None:
    cause = "openai.AuthenticationError: Error code: 401 - expired"
    data = LINES[:660] + cause.encode() + b"\n" + LINES * 4
    async with reading(data, cause=cause) as (flight, viewer):
        await until(lambda: "line 19999" in flight.text())
        await flight.press("N")
        await until(lambda: cause in viewer.visible_text())
        assert "1 of 1 found" in flight.text()
