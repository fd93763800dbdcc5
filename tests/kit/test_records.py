import math

from supervisor.kit.records import is_torn_head, line_of, outcome_in, record_in


def test_a_record_survives_its_line() -> None:
    record = {"item": "q\n1", "result": {"text": "ünïcode \ud800", "n": 1.5}, "of": "x"}
    line = line_of(record)
    assert line.count(b"\n") == 1
    assert record_in(line) == record


def test_other_lines_are_none() -> None:
    for line in (
        b"",
        b"{",
        b"[1]",
        b"null",
        b'{"id": 1}',
        b'{"item": 1}',
        b"\xff\xfe",
        b"[" * 9999,
    ):
        assert record_in(line) is None


def test_a_failure_tells_its_class() -> None:
    record = {"item": "q", "error": {"class": "timeout", "text": "late", "trace": "Tr"}, "of": ""}
    outcome = outcome_in(record)
    assert (outcome.error, outcome.error_class, outcome.trace) == ("late", "timeout", "Tr")
    assert outcome_in({"item": "q", "result": None}).error is None


def test_what_a_crash_leaves_of_a_head_is_known() -> None:
    head = line_of({"kit": 1, "settings": {"model": "a"}})
    assert all(is_torn_head(head[:size]) for size in range(len(head) - 1))
    assert is_torn_head(b"\0" * 100)
    assert not is_torn_head(b"my notes")


def test_numbers_that_json_lacks_are_kept() -> None:
    record = record_in(line_of({"item": "q", "result": math.inf}))
    assert record is not None
    assert record["result"] == math.inf
