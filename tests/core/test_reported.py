"""Errors of JSON documents, and nothing of what models said."""

import json

import pytest

from supervisor.core.reported import reported, says_failed


def text(value: object) -> str | None:
    return reported(json.dumps(value).encode())


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        ({"stderr": "You've hit your limit"}, "error: You've hit your limit"),
        ({"error": {"code": 429, "message": "slow down"}}, "code: 429\nmessage: slow down"),
        (
            {"is_error": True, "result": "Login expired", "usage": {"tokens": 3}},
            "result: Login expired",
        ),
        ({"success": False, "detail": "no such model", "n": 2}, "detail: no such model\nn: 2"),
        ([{"status": "error", "reason": "timed out"}], "status: error\nreason: timed out"),
        ({"traceback": "Traceback:\n  File\nKeyError: 'a'"}, "Traceback:\n  File\nKeyError: 'a'"),
        ({"errors": ["one", "two"]}, "error: one\nerror: two"),
        ({"error": None, "failed": 0}, "failed: 0"),
    ],
)
def test_what_tells_of_an_error_is_a_line(value: object, lines: str) -> None:
    assert text(value) == lines


@pytest.mark.parametrize(
    "value",
    [
        {"answer": "Rate limit exceeded means you should wait", "score": 1},
        {"messages": [{"role": "assistant", "content": "401 is unauthorized"}]},
        {"success": True, "result": "token expired"},
        3,
    ],
)
def test_what_tells_of_none_is_left_out(value: object) -> None:
    assert text(value) == ""


def test_what_is_no_json_is_told_apart() -> None:
    assert reported(b'{"half": ') is None
    assert reported(b"\xff\xfe") is None
    assert reported(b"[" * 100_000) is None
    deep: object = {"error": "deep"}
    for _ in range(60):
        deep = [deep]
    assert text(deep) == ""


def test_only_the_end_of_a_long_text_counts() -> None:
    said = text({"error": "x" * 30_000 + "end"})
    assert said is not None
    assert said.endswith("xend")
    assert len(said) < 21_000


@pytest.mark.parametrize(
    "value",
    [
        {"is_error": True, "result": "Login expired"},
        {"success": False, "score": 0},
        {"status": "error"},
        {"error": "rate limited", "score": 0.0},
        {"rate_limit_info": {"retry_after_seconds": 60}},
        {"selection_reason": "WorkerError: the agent hit its limit"},
    ],
)
def test_a_result_says_of_itself_that_it_failed(value: object) -> None:
    assert says_failed(json.dumps(value).encode())


@pytest.mark.parametrize(
    "value",
    [
        {"error": None, "rate_limit_info": {}, "score": 1},
        {"success": True, "error": "tried twice"},
        {"status": "success", "error": "tried twice"},
        {"error_rate": 0.2, "failed": 3, "errors": 2},
        {"prediction": "ValueError: invalid literal"},
        {"samples": [{"success": False}]},
        [{"is_error": True}],
        "Error: no",
    ],
)
def test_a_result_that_tells_of_failures_has_not_failed(value: object) -> None:
    assert not says_failed(json.dumps(value).encode())


def test_what_cannot_be_read_says_nothing() -> None:
    assert not says_failed(b'{"half": ')


def test_a_field_that_begins_as_an_exception_does_is_an_error() -> None:
    raised = {"reason": "WorkerError: the limit was hit", "answer": "KeyError: 'a'", "n": 3}
    assert text(raised) == "error: WorkerError: the limit was hit"
    assert text({"inner": raised}) == ""
