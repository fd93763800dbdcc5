"""Attempts on disk, judged by the rules of today."""

from pathlib import Path

import pytest

from supervisor.cli.detector import Detector, detector
from supervisor.cli.unexplained import attempts, explanation


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> Detector:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    return detector("UTC")


def attempt(root: Path, name: str, code: int | None, *, out: str = "", err: str = "") -> Path:
    """Write what an attempt leaves behind."""
    path = root / "tasks/g" / name / "attempt-1"
    path.mkdir(parents=True)
    record = b"" if code is None else f"exit={code:<3}\n".encode()
    (path / "exit").write_bytes(record.ljust(64, b"\0"))
    (path / "stdout.log").write_text(out)
    (path / "stderr.log").write_text(err)
    return path


def test_attempts_with_their_exits(tmp_path: Path) -> None:
    """In order; one that has no record has no code."""
    attempt(tmp_path, "b", None)
    attempt(tmp_path, "a", 3)
    attempt(tmp_path, "c", 0)
    assert [(one.path.parent.name, one.code) for one in attempts(tmp_path)] == [
        ("a", 3),
        ("b", None),
        ("c", 0),
    ]


def test_logs_where_there_are_no_attempts(tmp_path: Path) -> None:
    """Each is taken for one that failed."""
    (tmp_path / "x.log").write_text("hm\n")
    (tmp_path / "x.txt").write_text("hm\n")
    (one,) = attempts(tmp_path)
    assert (one.path.name, one.code, one.is_file) == ("x.log", 1, True)


def test_both_streams_count(tmp_path: Path, used: Detector) -> None:
    """The last words are those of stderr, if it said anything."""
    attempt(tmp_path, "a", 1, out="openai.AuthenticationError: Error code: 401 - no\n", err="hm\n")
    attempt(tmp_path, "b", 1, out="only\nthis\n")
    first, second = (explanation(one, used) for one in attempts(tmp_path))
    assert (first.error_class, first.last_line) == ("auth", "hm")
    assert (second.error_class, second.last_line) == (None, "this")
    assert second.path.name == "stdout.log"


def test_a_log_alone_and_none_at_all(tmp_path: Path, used: Detector) -> None:
    """A missing file is an empty one."""
    (tmp_path / "x.log").write_text("httpx.ReadTimeout: no answer")
    (one,) = attempts(tmp_path)
    assert explanation(one, used).error_class == "network"
    one.path.unlink()
    assert explanation(one, used).last_line == ""
