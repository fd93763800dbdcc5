"""A whole text and what it proves."""

from collections.abc import Iterable, Sequence
from datetime import UTC, tzinfo
from itertools import accumulate

from supervisor.core.judging import Judge, StreamJudge
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import Match
from tests.core.test_boxes import rich

RULES = RuleBook(
    [
        Rule(id="api.limit", error_class=ErrorClass.RATE_LIMIT, pattern="slow down"),
        Rule(id="api.weak", error_class=ErrorClass.NETWORK, pattern="timed out", strength="weak"),
        Rule(id="hint.words", pattern="try again"),
    ]
)
NOW = 1_770_000_000.0


def scan(block: bytes) -> Sequence[Match]:
    lines = block.decode().split("\n")[:-1]
    starts = accumulate((len(line.encode()) + 1 for line in lines), initial=0)
    return [
        Match(number, rule, start)
        for number, (line, start) in enumerate(zip(lines, starts, strict=False))
        for rule in RULES.matching(line)
    ]


def utc(name: str) -> tzinfo | None:
    return None if name else UTC


JUDGE = Judge(RULES, scan, utc)


def judged(*pieces: bytes, live: bool = False) -> tuple[ErrorClass | None, str | None]:
    result = JUDGE.judge(pieces, NOW, live=live)
    return result.verdict.error_class, result.proof.rule if result.proof else None


def test_the_best_explanation_is_the_verdict() -> None:
    """As the end of the stderr of an attempt that failed."""
    result = JUDGE.judge(
        [b"start\nError: slow ", b"down\nretry: try again in 90s\n"], NOW, live=False
    )
    assert result.verdict.error_class is ErrorClass.RATE_LIMIT
    assert result.verdict.retry_at == NOW + 90
    assert result.wait_s == 90
    assert result.lines == 3
    assert result.proof is not None
    assert result.proof.line == "Error: slow down"
    assert [d.from_end for d in result.detections] == [1]


def test_another_line_may_tell_the_wait() -> None:
    """The exception proves the class; an earlier line of it says for how long."""
    text = b"Error: slow down, try again in 7s\n" + b"x\n" * 20 + b"api.LimitError: slow down\n"
    result = JUDGE.judge([text], NOW, live=False)
    assert result.proof is not None
    assert result.proof.line == "api.LimitError: slow down"
    assert (result.verdict.retry_at, result.wait_s) == (NOW + 7, 7)


def test_what_a_running_task_is_not_stopped_for() -> None:
    """It is told apart."""
    result = JUDGE.judge([b"Error: timed out\n"], NOW, live=True)
    assert [one.rule for one in result.passed_over] == ["api.weak"]
    assert result.detections == ()


def test_without_evidence_the_last_line_is_all_that_is_said() -> None:
    """Unknown, never invented."""
    result = JUDGE.judge([b"one\ntwo"], NOW, live=False)
    assert result.verdict.error_class is ErrorClass.UNKNOWN
    assert "two" in result.verdict.cause
    assert result.proof is None
    assert result.wait_s is None


def test_of_a_running_task_only_strong_evidence_counts() -> None:
    """Weak words explain an end; they stop nobody."""
    assert judged(b"Error: timed out\n") == (ErrorClass.NETWORK, "api.weak")
    assert judged(b"Error: timed out\n", live=True) == (None, None)
    assert judged(b"Error: slow down\n", live=True) == (ErrorClass.RATE_LIMIT, "api.limit")
    assert judged(b"", live=True) == (None, None)


def test_a_stream_counts_its_lines_over_all_blocks() -> None:
    """News are told once, and their distance to the end grows."""
    stream = StreamJudge("stderr", RULES, scan, utc)
    assert stream.take(b"hello\n", NOW) == []
    (news,) = stream.take(b"a\nError: slow down\n", NOW)
    assert news.rule == "api.limit"
    assert stream.take(b"try again later\nbye\n---\n", NOW) == []
    assert stream.lines == 6
    assert stream.last == b"bye"
    assert [d.from_end for d in stream.detections()] == [3]


def test_all_hits_of_a_line_are_judged_together() -> None:
    """A hint and an error in one line make one detection."""
    blocks: Iterable[bytes] = [b"Error: slow down, try again in 5s\n"]
    result = JUDGE.judge(blocks, NOW, live=False)
    assert len(result.detections) == 1
    assert result.wait_s == 5


def test_what_was_drawn_around_and_wrapped_is_read_as_one_line() -> None:
    box = rich("ValueError: please wait a little while and then send it again but do slow down now")
    result = JUDGE.judge([f"{box}\nLog: x; try again in 30s\n".encode()], NOW, live=False)
    assert result.proof is not None
    assert result.proof.place == "traceback"
    assert result.proof.line.endswith("but do slow down now")
    assert result.detections == (result.proof,)


def test_other_rules_judge_what_comes_from_now_on() -> None:
    """What was found stays found; the last lines are read by the new ones too."""
    new = RuleBook([Rule(id="new.empty", error_class=ErrorClass.QUOTA, pattern="wallet is empty")])

    def found(block: bytes) -> Sequence[Match]:
        lines = block.decode().split("\n")[:-1]
        return [Match(n, "new.empty", 0) for n, line in enumerate(lines) if "wallet" in line]

    stream = StreamJudge("stderr", RULES, scan, utc)
    assert stream.take(b"Error: wallet is empty\n", NOW) == []
    assert [one.rule for one in stream.take(b"Error: slow down\n", NOW)] == ["api.limit"]
    stream.adopt(new, found, utc)
    assert [one.rule for one in stream.take(b"Error: wallet is empty\n", NOW)] == ["new.empty"]
    assert {"api.limit", "new.empty"} <= {one.rule for one in stream.detections()}
