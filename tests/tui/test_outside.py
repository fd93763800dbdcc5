from pathlib import Path

import pytest

from supervisor.tui.outside import ProgramAsked
from tests.support import until
from tests.tui.widgets.test_viewer import LINES, reading


async def test_a_log_is_saved_and_never_over_another_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(LINES) as (flight, _):
        await flight.press("S", "enter")
        await until(lambda: "saved, secrets masked" in (flight.app.said or ("",))[0])
        path = tmp_path / "g-a-1-stdout.log"
        assert path.read_bytes() == LINES
        path.write_bytes(b"mine\n")
        await flight.press("S", "enter")
        await until(lambda: "exists already" in (flight.app.said or ("",))[0])
        assert path.read_bytes() == b"mine\n"
        await flight.press("S", *"/no/such", "enter")
        await until(lambda: "not saved" in (flight.app.said or ("",))[0])


async def test_lines_that_were_found_are_saved_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with reading(LINES) as (flight, viewer):
        await flight.press("ampersand", *"2345", "enter")
        await until(lambda: viewer.visible_text() == "line 02345\nline 12345")
        await flight.press("S", "enter")
        path = tmp_path / "g-a-1-stdout-found.log"
        await until(lambda: "saved" in (flight.app.said or ("",))[0])
        assert path.read_bytes() == b"line 02345\nline 12345\n"


async def test_an_engine_that_is_gone_is_said() -> None:
    async with reading(LINES) as (flight, _):
        flight.fake.gone = True
        await flight.press("S", "enter")
        await until(lambda: "the engine is gone" in (flight.app.said or ("",))[0])
        await flight.press("v")
        await until(lambda: "not opened" in (flight.app.said or ("",))[0])


async def test_a_program_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "no-such-pager")
    monkeypatch.setenv("VISUAL", "cat")
    async with reading(LINES) as (flight, viewer):
        await flight.press("v")
        await until(lambda: "no-such-pager is not installed" in (flight.app.said or ("",))[0])
        await flight.press("V")
        await until(lambda: "cannot be lent" in (flight.app.said or ("",))[0])
        source = viewer.reader.source
        assert source is not None
        assert ProgramAsked(source, 0).editor is False
