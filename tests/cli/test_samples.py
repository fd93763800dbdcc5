"""Verdicts as scripts get them."""

from pathlib import Path

import pytest

from supervisor.cli.detector import detector
from supervisor.cli.samples import PASSED_OVER, candidates, iso, verdict, weighed
from supervisor.core.judging import Judge

TEXT = (
    b"requests.exceptions.ConnectionError: Max retries exceeded\n"
    b"x\n" * 40 + b"openai.RateLimitError: Error code: 429 - try again in 2m5s\n"
)


@pytest.fixture
def judge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> Judge:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    return detector("UTC").judge


def test_a_verdict(judge: Judge) -> None:
    """Class, proof and the stated wait; nothing for what no rule explains."""
    found = verdict(judge.judge([TEXT], 1_770_000_000, live=False))
    assert (found["class"], found["wait_s"]) == ("rate_limit", 125)
    assert found["retry_at"] == iso(1_770_000_125) == "2026-02-02T02:42:05+00:00"
    assert set(verdict(judge.judge([b"hm\n"], 0, live=False)).values()) == {None}


def test_every_candidate_with_its_reasons(judge: Judge) -> None:
    """The best first, with where it stands and why it won."""
    judged = judge.judge([TEXT], 1_770_000_000, live=False)
    best, *others = weighed(judged)
    assert (best["won"], best["class"], best["line_number"]) == (True, "rate_limit", 81)
    assert best["reasons"]
    assert [one["won"] for one in others] == [False] * len(others)
    assert len(candidates(judged)) == 1 + len(others)


def test_what_a_running_task_is_not_stopped_for(judge: Judge) -> None:
    """It is told with the reason."""
    line = b'INFO httpx: POST "HTTP/1.1 429 Too Many Requests"\n'
    (one,) = weighed(judge.judge([line], 0.0, live=True))
    assert (one["outcome"], one["won"]) == (PASSED_OVER, False)
