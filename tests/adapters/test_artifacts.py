"""Files are replaced whole, readable by their owner only, and failures have a name."""

import json
import stat
from pathlib import Path

import pytest

from supervisor.adapters.artifacts import FileArtifacts
from supervisor.core.made import Made
from supervisor.core.models import TaskId
from supervisor.ports import ArtifactError


@pytest.fixture
def artifacts(tmp_path: Path) -> FileArtifacts:
    return FileArtifacts(tmp_path)


def test_a_failed_task_has_its_story_beside_its_attempts(
    artifacts: FileArtifacts, tmp_path: Path
) -> None:
    artifacts.task_failed(TaskId("g/Qwen/7B"), {"cause": "日本"}, "class  network\n")
    directory = tmp_path / "tasks/g/Qwen%2F7B"
    assert json.loads((directory / "state.json").read_bytes()) == {"cause": "日本"}
    assert (directory / "error.log").read_text() == "class  network\n"
    for path in (directory, *directory.iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_lists_copies_and_summary_are_written(artifacts: FileArtifacts, tmp_path: Path) -> None:
    copy = tmp_path / "user" / ".tmp" / "scicode_failed_tasks.json"
    tasks = [{"task_id": "a", "error": "401"}]
    artifacts.summaries({"sci code": tasks, "usaco": []}, {"sci code": str(copy)}, {"results": []})
    assert json.loads((tmp_path / "sci%20code_failed_tasks.json").read_bytes()) == tasks
    assert json.loads((tmp_path / "usaco_failed_tasks.json").read_bytes()) == []
    assert json.loads(copy.read_bytes()) == tasks
    assert json.loads((tmp_path / "batch_summary.json").read_bytes()) == {"results": []}


def test_what_is_made_while_it_is_written_is_a_list(
    artifacts: FileArtifacts, tmp_path: Path
) -> None:
    made = Made(lambda: ({"n": number} for number in range(3)))
    for _ in range(2):  # the second time finds it there
        artifacts.summaries({"g": made}, {}, {"results": made, "counts": {"a": 1}})
    assert (tmp_path / "batch_summary.json").read_text() == (
        '{\n  "results": [\n    {"n": 0},\n    {"n": 1},\n    {"n": 2}\n  ],\n'
        '  "counts": {"a": 1}\n}\n'
    )
    assert (tmp_path / "g_failed_tasks.json").read_text() == (
        '[\n  {"n": 0},\n  {"n": 1},\n  {"n": 2}\n]\n'
    )


@pytest.mark.parametrize("more", ["", "x", "[]"])
def test_what_changed_in_any_way_is_written_again(
    artifacts: FileArtifacts, tmp_path: Path, more: str
) -> None:
    path = tmp_path / "batch_summary.json"
    artifacts.summaries({}, {}, {"a": 1})
    text = path.read_text()
    path.write_text(text[:-3] if not more else text + more)
    artifacts.summaries({}, {}, {"a": 1})
    assert path.read_text() == text


def test_a_link_stays_a_link(artifacts: FileArtifacts, tmp_path: Path) -> None:
    real, link = tmp_path / "real.json", tmp_path / "link.json"
    link.symlink_to(real)
    artifacts.summaries({"g": []}, {"g": str(link)}, {})
    assert link.is_symlink()
    assert json.loads(real.read_bytes()) == []


def test_a_copy_for_an_unknown_group_is_nothing(artifacts: FileArtifacts, tmp_path: Path) -> None:
    artifacts.summaries({}, {"gone": str(tmp_path / "copy.json")}, {})
    assert not (tmp_path / "copy.json").exists()


def test_what_did_not_change_is_not_written_again(artifacts: FileArtifacts, tmp_path: Path) -> None:
    artifacts.summaries({}, {}, {"a": 1})
    before = (tmp_path / "batch_summary.json").stat()
    artifacts.summaries({}, {}, {"a": 1})
    assert (tmp_path / "batch_summary.json").stat().st_ino == before.st_ino
    artifacts.summaries({}, {}, {"a": 2})
    assert json.loads((tmp_path / "batch_summary.json").read_bytes()) == {"a": 2}


def test_text_that_is_no_text_is_escaped(artifacts: FileArtifacts, tmp_path: Path) -> None:
    artifacts.summaries({}, {}, {"cause": "a\udcffb"})
    assert json.loads((tmp_path / "batch_summary.json").read_text("utf-8")) == {"cause": "a\udcffb"}


def test_the_report_is_written(artifacts: FileArtifacts, tmp_path: Path) -> None:
    artifacts.report("# night\n")
    assert (tmp_path / "report.md").read_text() == "# night\n"


def test_one_place_that_cannot_be_written_does_not_stop_the_others(
    artifacts: FileArtifacts, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    copy = str(tmp_path / "file" / "copy.json")
    with pytest.raises(ArtifactError, match=r"copy\.json cannot be written: File exists"):
        artifacts.summaries({"g": []}, {"g": copy}, {"a": 1})
    assert json.loads((tmp_path / "g_failed_tasks.json").read_bytes()) == []
    assert json.loads((tmp_path / "batch_summary.json").read_bytes()) == {"a": 1}


@pytest.mark.mount
def test_a_full_disk_leaves_the_old_file_and_no_rubbish(small_disk: Path) -> None:
    artifacts = FileArtifacts(small_disk)
    artifacts.summaries({}, {}, {"old": True})
    with (small_disk / "filler").open("wb", buffering=0) as file:
        file.truncate(0)
        while True:
            try:
                file.write(b"x" * 4096)
            except OSError:
                break
    with pytest.raises(ArtifactError, match="No space left"):
        artifacts.summaries({}, {}, {"new": "x" * 100_000})
    assert json.loads((small_disk / "batch_summary.json").read_bytes()) == {"old": True}
    assert not list(small_disk.glob("*.tmp"))
