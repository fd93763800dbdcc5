"""Results and signs together; trouble is told, never raised."""

from pathlib import Path

import pytest

from supervisor.adapters.results import READERS, FileResults, inspect_control
from supervisor.config.profiles import READERS as NAMES
from supervisor.core.models import ResultsSeen
from supervisor.ports import Said
from tests.adapters.results.looks import look, written


def test_profiles_know_the_readers_there_are() -> None:
    assert sorted(NAMES) == sorted(READERS)


async def test_results_and_signs_are_told_together(tmp_path: Path) -> None:
    written(tmp_path / "out/results_1.json", '{"results": {"a": {}}}')
    where = look(tmp_path, "out/*.json", reader="lm_eval", files=("out/*",), markers=("done",))
    seen = await FileResults().read(where)
    assert (seen.status, seen.missing_files, seen.missing_markers) == ("success", (), ("done",))
    assert not seen.proved
    where = look(tmp_path, files=("out/*",))
    assert await FileResults().read(where) == ResultsSeen(proved=True)
    assert await FileResults().read(look(tmp_path)) == ResultsSeen()


async def test_what_cannot_be_read_is_trouble(tmp_path: Path) -> None:
    written(tmp_path / "out/results_1.json", "{")
    where = look(tmp_path, "out/*.json", reader="lm_eval", markers=("x",))
    seen = await FileResults().read(where)
    assert seen.status is None
    assert "results_1.json: is half written or no JSON" in seen.trouble
    assert seen.missing_markers == ("x",)

    seen = await FileResults().read(look(tmp_path, reader="nobody's"))
    assert seen.trouble == "the nobody's results cannot be read: KeyError(\"nobody's\")"


async def test_only_inspect_can_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async def said(_pids: object) -> Said:
        return Said(words="hello")

    async def broken(_pids: object) -> Said:
        raise KeyError("a fault of ours")

    monkeypatch.setattr(inspect_control, "ask", said)
    assert await FileResults().ask("hal", (1,)) is None
    assert await FileResults().ask("inspect", (1,)) == Said(words="hello")
    monkeypatch.setattr(inspect_control, "ask", broken)
    assert await FileResults().ask("inspect", (1,)) is None
