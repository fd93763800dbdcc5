"""An engine's batch file is read apart from it: the batch, or what is wrong with the file."""

import json
import os
from pathlib import Path

import pytest

from supervisor.cli.reread import main
from supervisor.engine.launch import read_edited
from supervisor.ports import ConfigError


def reread(place: Path, text: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    path = place / "night.yaml"
    path.write_text(text)
    code = main([str(path), str(place / ".overnight" / "night")])
    said = capsys.readouterr().out
    assert code == (1 if said else 0)
    return [str(one) for one in json.loads(said)] if said else []


def test_a_good_file_is_left_for_the_engine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    directory = tmp_path / ".overnight" / "night"
    directory.mkdir(parents=True)
    with pytest.raises(ConfigError, match="save the batch file again"):
        read_edited(directory)
    assert reread(tmp_path, "run: echo {n}\nfor: {n: [a, b]}\n", capsys) == []
    spec = read_edited(directory)
    assert [task.id for task in spec.tasks] == ["night/a", "night/b"]
    assert set(spec.env_names) <= set(os.environ)
    assert (directory / "edited.json").stat().st_mode & 0o077 == 0


def test_faults_have_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "night.yaml"
    (fault,) = reread(tmp_path, "run: x\nretyr: {}\n", capsys)
    assert fault.startswith(f"{path}:2: retyr: unknown key")
    (fault,) = reread(tmp_path, "run: x\nrules: [{id: no.such, enabled: false}]\n", capsys)
    assert "there is no rule no.such to switch off" in fault
    (fault,) = reread(tmp_path, "run: x\nbatch: other\n", capsys)
    assert "is the batch other now" in fault
