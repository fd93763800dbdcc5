import json
from pathlib import Path

import pytest

from tests.support import until
from tests.tui.piloting import flying


async def test_what_was_said_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("supervisor.tui.talking.SAID_S", 0.01)
    async with flying() as flight:
        await flight.press("t")
        await until(lambda: flight.app.said is None)


async def test_failures_are_written_to_a_file_and_never_over_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with flying() as flight:
        flight.fake.failures = [{"task": "g/a", "cause": "Zeit überschritten"}]
        await flight.press("3", "e")
        assert (
            await flight.said() == f"1 failures written to {tmp_path}/corebench-night-failures.json"
        )
        flight.app.said = None
        await flight.press("e")
        assert (await flight.said()).endswith("/corebench-night-failures-2.json")
    written = list(tmp_path.iterdir())  # noqa: ASYNC240 - a test's own folder
    assert len(written) == 2
    assert all(json.loads(path.read_text()) == flight.fake.failures for path in written)


async def test_what_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    async with flying() as flight:
        await flight.press("3")
        folder.rmdir()
        await flight.press("e")
        assert "not written" in await flight.said()
        flight.app.said = None
        flight.fake.gone = True
        await flight.press("e")
        assert "does not answer" in await flight.said()
    monkeypatch.chdir(tmp_path)
