"""Chunks of one file: what is judged, what is old, and what is counted as skipped."""

from datetime import UTC, tzinfo

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.judging import StreamJudge
from supervisor.core.lines import LONGEST
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.rules import Rule, RuleBook
from supervisor.engine.stream import FollowedStream
from supervisor.ports import Chunk, Ref

REF = Ref(TaskId("g/a"), 1)
RULES = RuleBook([Rule(id="net.reset", error_class=ErrorClass.NETWORK, pattern="reset by peer")])
ERROR = b"Error: reset by peer\n"


def utc(name: str) -> tzinfo | None:
    return None if name else UTC


def stream(start: int = 0, known_to: int = 0) -> FollowedStream:
    judge = StreamJudge("stderr", RULES, ReScanner(RULES).scan, utc)
    return FollowedStream(judge, start=start, known_to=known_to, old_at=5.0)


def chunk(offset: int, data: bytes, restarted: bool = False) -> Chunk:
    return Chunk(REF, "stderr", offset, data, restarted)


def test_lines_cut_anywhere_are_judged_once() -> None:
    one = stream()
    assert one.take(chunk(0, ERROR[:7]), 0, 9.0) == []
    assert one.judged_to == 0
    (found,) = one.take(chunk(7, ERROR[7:]), 0, 9.0)
    assert (found.rule, found.written_at) == ("net.reset", 9.0)
    assert one.judged_to == len(ERROR)
    assert one.skipped == {}


def test_old_text_is_evidence_but_no_news() -> None:
    one = stream(start=0, known_to=2 * len(ERROR))
    news = one.take(chunk(0, ERROR * 3), len(ERROR), 9.0)
    assert [found.written_at for found in news] == [5.0, 9.0]
    assert [found.written_at for found in one.judge.detections()] == [5.0, 5.0, 9.0]


def test_a_gap_is_counted_and_half_a_line_after_it_passed_over() -> None:
    one = stream()
    one.take(chunk(0, b"start "), 0, 9.0)
    assert one.take(chunk(1006, b"half an " + ERROR + ERROR), 0, 9.0) != []
    assert len(one.judge.detections()) == 1
    assert one.skipped == {"flood": 1000 + len(b"half an " + ERROR)}


def test_a_new_file_is_no_gap() -> None:
    one = stream()
    one.take(chunk(0, b"x" * 100), 0, 9.0)
    assert one.take(chunk(0, ERROR, restarted=True), 50, 9.0) != []
    assert one.skipped == {}


def test_an_endless_line_costs_a_mebibyte_and_is_counted() -> None:
    one = stream()
    piece = b"z" * (256 * 1024)
    offset = 0
    for _ in range(20):
        one.take(chunk(offset, piece), 0, 9.0)
        offset += len(piece)
    assert one.skipped == {"line": 20 * len(piece) - LONGEST}
    assert one.take(chunk(offset, b"\n" + ERROR), 0, 9.0) != []
    assert one.skipped == {"line": 20 * len(piece) - LONGEST}


def test_two_endless_lines_count_together() -> None:
    one = stream()
    long = b"z" * (LONGEST + 100)
    one.take(chunk(0, long), 0, 9.0)
    one.take(chunk(len(long), b"\n" + long), 0, 9.0)
    assert one.skipped == {"line": 200}


def test_binary_is_counted_and_text_between_is_read() -> None:
    one = stream()
    noise = bytes(range(32)) * 64 + b"\n"
    assert one.take(chunk(0, noise + ERROR), 0, 9.0) != []
    assert list(one.skipped) == ["binary"]
    assert one.judged_to == len(noise) + len(ERROR)


def test_the_last_line_needs_no_end() -> None:
    one = stream()
    one.take(chunk(0, ERROR.rstrip()), 0, 9.0)
    one.flush(9.5)
    one.flush(9.5)
    assert [found.written_at for found in one.judge.detections()] == [9.5]


def test_lines_passed_by_count_when_they_matter() -> None:
    one = stream()
    one.take(chunk(0, ERROR), 0, 9.0)
    for _ in range(100):
        assert one.is_plain(chunk(one.next, b"usual 5/9\n"), 0)
        one.pass_by(b"usual 5/9\n", 10.0)
    assert one.judged_to == one.next == len(ERROR) + 1000
    before = one.progress()
    one.pass_by(b"usual 6/9\n", 11.0)
    assert one.progress() != before
    one.flush(12.0)
    assert (one.judge.lines, one.judge.last) == (102, b"usual 6/9")
    (found,) = one.judge.detections()
    assert found.from_end == 101


def test_what_is_not_plain() -> None:
    one = stream(known_to=5)
    assert not one.is_plain(chunk(0, b"old\n"), 0)
    one.take(chunk(0, b"older\nhalf"), 0, 9.0)
    assert not one.is_plain(chunk(10, b" a line\n"), 0)
    one.take(chunk(10, b" a line\n"), 0, 9.0)
    assert one.is_plain(chunk(18, b"new\n"), 0)
    assert not one.is_plain(chunk(18, b"new"), 0)
    assert not one.is_plain(chunk(19, b"gap\n"), 0)
    assert not one.is_plain(chunk(18, b"again\n", restarted=True), 0)
    assert not one.is_plain(chunk(18, b"said before\n"), 30)
