"""What a task's directory and its runner's results add to its page."""

import json
from pathlib import Path

from supervisor.core.models import TaskId
from supervisor.core.places import attempt_dir
from supervisor.engine.task_pages import task_page
from supervisor.ports import Decision
from tests.fakes.night import after, begun, ended, group, started, task

A = TaskId("g/a")


def attempt(state: Path, number: int, **spec: object) -> Path:
    """Make an attempt's directory with what an engine writes into it."""
    folder = Path(attempt_dir(str(state), A, number))
    folder.mkdir(parents=True)
    for name in ("started", "exit", "stdout.log", "stderr.log"):
        (folder / name).write_text("12345")
    if spec:
        (folder / "spec.json").write_text(json.dumps(spec))
    return folder


def test_files_of_the_newest_attempt_come_first_and_what_is_internal_does_not(
    tmp_path: Path,
) -> None:
    attempt(tmp_path, 2)
    newest = attempt(tmp_path, 10, argv=["run", "it"], env=["B", "A"])
    (newest / "containers" / "c1").mkdir(parents=True)
    (newest / "containers" / "c1" / "logs.txt").write_text("x")
    (newest.parent / "error.log").write_text("boom")
    (newest / "gone").symlink_to(tmp_path / "nowhere")
    batch = begun(["g/a"], directory=str(tmp_path))
    decided = [Decision(seq=1, at=5.0, kind="launch", subject="g/a", text="attempt 10 in slot 1")]
    found = task_page(batch, A, 7.0, decided, newest)
    assert [one.path for one in found.files] == [
        "error.log",
        "attempt-10/stderr.log",
        "attempt-10/stdout.log",
        "attempt-10/containers/c1/logs.txt",
        "attempt-2/stderr.log",
        "attempt-2/stdout.log",
    ]
    assert found.files[0].size_bytes == 4
    assert (found.command, found.env) == ("run it", ("A", "B"))
    assert found.decisions[0].text == "attempt 10 in slot 1"
    assert found.host


def test_results_lie_where_the_batch_file_says(tmp_path: Path) -> None:
    (tmp_path / "results").mkdir()
    for name in ("a-1.json", "a-2.json", "b.json"):
        (tmp_path / "results" / name).write_text("{}")
    files = ("results/{kind}-*.json", "deep/**/x.json", str(tmp_path / "results" / "b.json"))
    batch = begun(
        [task("g/a", params={"kind": "a"}, cwd=str(tmp_path))],
        [group(success_files=files)],
        directory=str(tmp_path / "state"),
    )
    batch = after(batch, (started("g/a", 1, 1), 1), (ended("g/a", 1, 5), 5))
    found = task_page(batch, A, 7.0, [], attempt(tmp_path / "state", 1))
    own = [one.path for one in found.files if "results" in one.path]
    assert sorted(own) == [
        str(tmp_path / "results" / "b.json"),
        "results/a-1.json",
        "results/a-2.json",
    ]


def test_a_task_that_never_ran_has_a_page(tmp_path: Path) -> None:
    batch = begun(["g/a"], directory=str(tmp_path))
    found = task_page(batch, A, 7.0, [], None)
    assert (found.files, found.command) == ((), "run g/a")
    torn = attempt(tmp_path, 1)
    (torn / "spec.json").write_text('{"argv": ["x"')
    assert task_page(batch, A, 7.0, [], torn).command == "run g/a"
