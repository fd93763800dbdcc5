"""``overnight save`` makes a file of a one-liner, which then goes on as the same batch."""

import json
import os
from pathlib import Path

import pytest

from supervisor.cli.commands import BY_NAME
from supervisor.cli.save import run
from supervisor.cli.words import CommandError, parsed
from supervisor.config.load import load
from supervisor.config.oneline import command_line, write


@pytest.fixture(autouse=True)
def _a_one_liner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    announce(write(command_line(["cat", "a b"]), tmp_path, parallel=2, name=None))


def announce(source: Path, name: str = "cat") -> None:
    """Tell of a batch as its engine would."""
    facts = {
        "batch": name,
        "directory": str(Path.cwd() / ".overnight" / name),
        "source": str(source),
        "uuid": name * 8,
        "host": os.uname().nodename,
        "pid": 0,
        "started_at": 1.0,
        "ended_at": 2.0,
    }
    folder = Path.home() / ".local/state/overnight/batches"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(facts))
    state = Path.cwd() / ".overnight" / name
    state.mkdir(parents=True, exist_ok=True)
    (state / "engine.json").write_text(json.dumps(facts))


def save(*line: str) -> int:
    return run(parsed(list(line), BY_NAME["save"].flags, "save"))


def test_a_saved_file_goes_on_as_the_same_batch(capsys: pytest.CaptureFixture[str]) -> None:
    assert save("night.yaml") == 0
    assert capsys.readouterr().out == "wrote night.yaml; from now on: overnight run night.yaml\n"
    saved = load(Path("night.yaml"), env={}, now=0)
    original = load(Path(".overnight/cat/batch.yaml"), env={}, now=0)
    assert saved.directory == original.directory
    assert saved.tasks == original.tasks


def test_nothing_is_overwritten() -> None:
    Path("night.yaml").touch()
    with pytest.raises(CommandError, match=r"^night\.yaml exists; name another file$"):
        save("night.yaml")


def test_a_batch_with_a_file_has_no_need(tmp_path: Path) -> None:
    announce(tmp_path / "own.yaml", "own")
    with pytest.raises(CommandError, match=r"^own has a batch file of its own already: "):
        save("-b", "own", "x.yaml")


def test_faults() -> None:
    with pytest.raises(CommandError, match=r"cannot write it: No such file or directory$"):
        save("no/such/x.yaml")
    with pytest.raises(CommandError, match=r"^save to which file\?"):
        save()
