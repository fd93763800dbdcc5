"""What is remembered of one attempt, from an earlier engine's offsets to its evidence."""

import os
from datetime import UTC
from pathlib import Path

import pytest

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.judging import StreamJudge
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.rules import Rule, RuleBook
from supervisor.engine.followed import FollowedAttempt
from supervisor.ports import Chunk, Ref
from tests.engine.test_detectors import detector

NOW = 1_770_000_000.0
RULES = RuleBook([Rule(id="api.login", error_class=ErrorClass.AUTH, pattern="token expired")])
SCANNER = ReScanner(RULES)


def judge() -> StreamJudge:
    return StreamJudge("stderr", RULES, SCANNER.scan, lambda _name: UTC)


@pytest.fixture
def attempt(tmp_path: Path) -> FollowedAttempt:
    return FollowedAttempt(tmp_path, {})


def take(attempt: FollowedAttempt, data: bytes, now: float = NOW) -> None:
    chunk = Chunk(ref=Ref(TaskId("g/a"), 1), stream="stderr", data=data, offset=0)
    attempt.streams["stderr"].take(chunk, 0, now)


def test_what_an_earlier_engine_followed_is_as_old_as_its_file(
    attempt: FollowedAttempt, tmp_path: Path
) -> None:
    words = b"Error: token expired\n"
    log = tmp_path / "stderr.log"
    log.write_bytes(words)
    os.utime(log, (NOW - 500, NOW - 500))
    attempt.take_up("stderr", 0, judge(), NOW, SCANNER)
    assert attempt.last_output_at == NOW - 500
    take(attempt, words)
    (found,) = attempt.concluded(NOW).detections
    assert (found.rule, found.written_at) == ("api.login", NOW - 500)


@pytest.mark.parametrize("content", [None, b""], ids=["gone", "empty"])
def test_a_file_that_says_nothing_tells_of_no_output(
    attempt: FollowedAttempt, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "stderr.log").write_bytes(content)
    attempt.take_up("stderr", 0, judge(), NOW, SCANNER)
    assert attempt.last_output_at is None


def test_half_a_line_is_judged_in_the_end(attempt: FollowedAttempt) -> None:
    attempt.take_up("stderr", 0, judge(), NOW, SCANNER)
    take(attempt, b"Error: token expired")
    evidence = attempt.concluded(NOW)
    assert [one.rule for one in evidence.detections] == ["api.login"]
    assert evidence.last_line == "Error: token expired"


def test_other_rules_judge_what_comes_from_now_on(attempt: FollowedAttempt) -> None:
    attempt.take_up("stderr", 0, judge(), NOW, SCANNER)
    attempt.adopt(detector("wallet is empty"))
    take(attempt, b"Error: token expired\nError: wallet is empty\n")
    assert [one.rule for one in attempt.concluded(NOW).detections] == ["new.0"]


def test_a_counter_that_moves_is_progress(attempt: FollowedAttempt) -> None:
    attempt.take_up("stderr", 0, judge(), NOW, SCANNER)
    take(attempt, b"1/9 done\n")
    before = attempt.progress()
    assert attempt.progress() == before
    attempt.streams["stderr"].take(
        Chunk(ref=Ref(TaskId("g/a"), 1), stream="stderr", data=b"2/9 done\n", offset=9), 0, NOW
    )
    assert attempt.progress() != before
