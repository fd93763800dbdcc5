"""Tasks and attempts out of directories."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.cli import task_dirs
from supervisor.cli.processes import boot_id
from supervisor.cli.words import CommandError
from supervisor.core.models import TaskId
from supervisor.core.places import attempt_dir, encoded

LONG = "x/" * 150


def made(state: Path, *tasks: str, attempt: int = 1) -> Path:
    directory = state
    for task in tasks:
        directory = Path(attempt_dir(str(state), TaskId(task), attempt))
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "spec.json").write_text(json.dumps({"task": task}))
    return directory


@given(st.text(min_size=1, max_size=16))  # longer ones may be cut
def test_names_are_decoded_as_they_were_encoded(name: str) -> None:
    assert task_dirs.decoded(encoded(name)) == name


def test_tasks_are_found_by_any_name(tmp_path: Path) -> None:
    state = str(tmp_path)
    made(tmp_path, "g/a", "g/Qwen/Qwen2.5-7B", "h/ü 1", "h/a", f"h/{LONG}")

    def names(word: str) -> list[str]:
        return [task for task, _ in task_dirs.matching(state, word)]

    assert names("g/a") == ["g/a"]
    assert names("ü 1") == ["h/ü 1"]
    assert names("Qwen/Qwen2.5-7B") == ["g/Qwen/Qwen2.5-7B"]
    assert names("a") == ["g/a", "h/a"]
    assert names("g/*") == ["g/Qwen/Qwen2.5-7B", "g/a"]
    assert names(f"h/{LONG}") == [f"h/{LONG}"]
    with pytest.raises(CommandError, match="no task g/aa has begun; did you mean g/a"):
        task_dirs.matching(state, "g/aa")


def test_attempts_in_order(tmp_path: Path) -> None:
    for attempt in (1, 2, 10):
        made(tmp_path, "g/a", attempt=attempt)
    (tmp_path / "tasks/g/a/state.json").touch()
    assert task_dirs.attempts(str(tmp_path / "tasks/g/a")) == [1, 2, 10]


def claim(directory: Path, pid: int, boot: str | None = None) -> None:
    stat = Path(f"/proc/{pid}/stat").read_text()
    (directory / "started").write_text(f"{boot or boot_id()} {stat}")


def test_an_attempt_is_over_when_recorded_or_dead(tmp_path: Path) -> None:
    directory = made(tmp_path, "g/a")
    assert not task_dirs.is_over(str(directory))
    claim(directory, os.getpid())
    (directory / "exit").write_text(" " * 63 + "\n")
    assert not task_dirs.is_over(str(directory))
    assert task_dirs.living(str(tmp_path)) == 1
    (directory / "exit").write_text("exit=0".ljust(63) + "\n")
    assert task_dirs.is_over(str(directory))
    assert task_dirs.living(str(tmp_path)) == 0


def test_a_claim_of_another_boot_is_over(tmp_path: Path) -> None:
    directory = made(tmp_path, "g/a")
    claim(directory, os.getpid(), boot="another")
    assert task_dirs.is_over(str(directory))
    assert task_dirs.living(str(tmp_path)) == 0
