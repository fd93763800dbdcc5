"""Directories of attempts bring rows forward, and never back."""

from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.journal.evidence import brought_forward, has_attempts, rebuilt
from supervisor.core.batch import Task
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import Failed, Live, Starting
from supervisor.core.places import attempt_dir
from tests.journals import batch_rows, batch_spec, running

A, B, C = (TaskId(f"g/{name}") for name in "abc")


def attempt(state_dir: Path, task: str, number: int, spec: str | None = None) -> Path:
    directory = Path(attempt_dir(str(state_dir), TaskId(task), number))
    directory.mkdir(parents=True)
    if spec is not None:
        (directory / "spec.json").write_text(spec)
    return directory


def test_nothing_on_disk_proves_nothing(tmp_path: Path) -> None:
    assert not has_attempts(tmp_path)
    assert brought_forward(batch_rows(), tmp_path).rows == batch_rows()


def test_only_the_newest_attempt_counts_and_only_if_it_is_news(tmp_path: Path) -> None:
    failed = Failed(attempt=3, ended_at=5.0, error_class=ErrorClass.NETWORK, cause="reset")
    rows = replace(
        batch_rows(),
        tasks={A: running(A, 10), B: Task(id=B, phase=failed, attempt=3), C: Task(id=C)},
    )
    for number in (9, 10):
        attempt(tmp_path, A, number)
    for number in (1, 2, 3):
        attempt(tmp_path, B, number)
    began_at = attempt(tmp_path, C, 1).stat().st_mtime
    assert has_attempts(tmp_path)
    brought = brought_forward(rows, tmp_path)
    assert brought.forward == (C,)
    assert brought.rows.tasks[A] == rows.tasks[A]
    assert brought.rows.tasks[B] == rows.tasks[B]
    phase = Starting(attempt=1, since=began_at, slot=2)  # slot 1 is taken by A
    assert brought.rows.tasks[C] == Task(id=C, phase=phase, attempt=1)


def test_a_finished_task_that_ran_again_is_looked_at_again(tmp_path: Path) -> None:
    failed = Failed(attempt=3, ended_at=5.0, error_class=ErrorClass.NETWORK, cause="reset")
    rows = replace(batch_rows(), tasks={B: Task(id=B, phase=failed, attempt=3, failures=3)})
    attempt(tmp_path, B, 4)
    task = brought_forward(rows, tmp_path).rows.tasks[B]
    assert isinstance(task.phase, Starting)
    assert (task.attempt, task.failures) == (4, 3)


def test_each_gets_a_slot_of_its_own(tmp_path: Path) -> None:
    for name in (A, B, C):
        attempt(tmp_path, name, 1)
    phases = [task.phase for task in brought_forward(batch_rows(), tmp_path).rows.tasks.values()]
    assert sorted(phase.slot for phase in phases if isinstance(phase, Live)) == [1, 2, 3]


@pytest.mark.parametrize("name", ["g/Qwen/Qwen2.5-7B", "g/日本", "g/.hidden", "g/a\udcffb"])
def test_encoded_names_are_read_back(tmp_path: Path, name: str) -> None:
    attempt(tmp_path, name, 2)
    rows = replace(batch_rows(), tasks={TaskId(name): Task(id=TaskId(name))})
    assert brought_forward(rows, tmp_path).forward == (name,)


def test_a_name_too_long_for_a_directory_is_in_the_spec(tmp_path: Path) -> None:
    name = TaskId("g/" + "x" * 500)
    attempt(tmp_path, name, 2, spec=f'{{"task": "{name}"}}')
    rows = replace(batch_rows(), tasks={name: Task(id=name)})
    assert brought_forward(rows, tmp_path).forward == (name,)


def test_attempts_of_unknown_tasks_are_named(tmp_path: Path) -> None:
    attempt(tmp_path, "g/added-later", 1, spec="torn {")
    attempt(tmp_path, "other/x", 1)
    brought = brought_forward(batch_rows(), tmp_path)
    assert brought.strangers == ("g/added-later", "other/x")
    assert brought.rows == batch_rows()


def test_other_things_in_the_way_are_no_attempts(tmp_path: Path) -> None:
    (tmp_path / "tasks/g/a/attempt-x").mkdir(parents=True)
    (tmp_path / "tasks/g/a/error.log").write_text("")
    (tmp_path / "tasks/notes").write_text("")
    assert not has_attempts(tmp_path)


def test_a_batch_is_rebuilt_from_its_file_under_its_old_name(tmp_path: Path) -> None:
    attempt(tmp_path, A, 1, spec="[]")
    attempt(tmp_path, B, 1, spec='{"batch_uuid": "u-9"}')
    rows = rebuilt(batch_spec(), tmp_path)
    assert rows.desk is not None
    assert (rows.desk.uuid, rows.desk.name) == ("u-9", "night")
    assert rows.tasks == batch_rows().tasks
    assert rows.groups == batch_rows().groups
    assert list(rows.limits) == list(batch_rows().limits)


def test_a_batch_without_any_trace_gets_a_new_name(tmp_path: Path) -> None:
    first, second = (rebuilt(batch_spec(), tmp_path).desk for _ in range(2))
    assert first is not None
    assert second is not None
    assert first.uuid != second.uuid
