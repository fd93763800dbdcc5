"""``overnight init`` writes a starter that loads, and overwrites nothing."""

import os
from pathlib import Path

import pytest

from supervisor.cli.commands import BY_NAME
from supervisor.cli.init import run
from supervisor.cli.words import CommandError, parsed
from supervisor.config.load import load


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def init(*line: str) -> int:
    return run(parsed(list(line), BY_NAME["init"].flags, "init"))


def test_the_starter_loads(capsys: pytest.CaptureFixture[str]) -> None:
    assert init() == 0
    assert capsys.readouterr().out == (
        "wrote night.yaml; edit it, then: overnight check night.yaml && overnight run night.yaml\n"
    )
    spec = load(Path("night.yaml"), env=os.environ, now=0)
    assert [task.id for task in spec.tasks][:2] == ["evals/001-small", "evals/001-large"]


def test_nothing_is_overwritten() -> None:
    Path("mine.yaml").write_text("run: x\n")
    with pytest.raises(CommandError, match=r"^mine\.yaml exists; name another file"):
        init("mine.yaml")
    assert Path("mine.yaml").read_text() == "run: x\n"


def test_faults() -> None:
    with pytest.raises(CommandError, match=r"cannot write it: No such file or directory"):
        init("no/such/folder.yaml")
    with pytest.raises(CommandError, match=r"^one file at a time"):
        init("a", "b")
