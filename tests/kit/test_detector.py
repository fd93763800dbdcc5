"""The kit and the supervisor call an error the same."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from supervisor.adapters.scanner import ReScanner
from supervisor.adapters.zones import zone_lookup
from supervisor.config.packs import load_built
from supervisor.core.judging import Judge
from supervisor.kit import detector
from supervisor.kit.detector import classify
from supervisor.kit.errors import KitError

NOW = datetime(2026, 2, 12, 20, 30, tzinfo=UTC).timestamp()
BOOK = load_built(Path(__file__).parents[2] / "configs" / "rules.json")


def test_every_sample_of_every_rule_means_the_same_to_both() -> None:
    judge = Judge(BOOK, ReScanner(BOOK).scan, zone_lookup())
    for rule in BOOK:
        for line in rule.matches:
            theirs = judge.judge([line.encode()], NOW, live=False)
            ours = classify(line, now=NOW)
            expected = str(theirs.verdict.error_class) if theirs.proof else "unknown"
            assert (ours.error_class, ours.retry_at) == (expected, theirs.verdict.retry_at), line


def test_a_window_says_when_it_ends() -> None:
    cause = classify("You've hit your limit · resets 4pm (America/Los_Angeles)", now=NOW)
    assert (cause.error_class, cause.is_limit, cause.needs_you) == ("usage_window", True, False)
    assert cause.retry_at == datetime(2026, 2, 13, 0, 0, tzinfo=UTC).timestamp()
    assert cause.rule


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (TimeoutError("late"), "timeout"),
        (ConnectionResetError(104, "Connection reset by peer"), "network"),
        (MemoryError(), "host_oom"),
        (ValueError("nope"), "unknown"),
        ("everything is fine", "unknown"),
        ("openai.AuthenticationError: Error code: 401", "auth"),
    ],
)
def test_exceptions_are_called_by_the_supervisors_words(
    error: BaseException | str, word: str
) -> None:
    assert classify(error, now=NOW).error_class == word


def test_what_only_a_person_can_cure_is_told() -> None:
    assert classify("openai.AuthenticationError: Error code: 401", now=NOW).needs_you


class AnsweredError(Exception):
    """As libraries of HTTP raise it."""

    def __init__(self, text: str, headers: dict[str, str]) -> None:
        super().__init__(text)
        self.response = self
        self.headers = headers


@pytest.mark.parametrize(
    ("headers", "wait_s"),
    [
        ({"retry-after": "20"}, 20.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"retry-after": "Fri, 13 Feb 2026 00:00:00 GMT"}, None),
        ({"retry-after": "1e99"}, None),
        ({}, None),
    ],
)
def test_a_header_counts_where_the_text_states_no_time(
    headers: dict[str, str], wait_s: float | None
) -> None:
    cause = classify(AnsweredError("Error code: 429 - rate limit reached", headers), now=NOW)
    assert cause.error_class == "rate_limit"
    assert cause.retry_at == (None if wait_s is None else NOW + wait_s)


def test_a_text_beyond_all_measure_is_judged_by_its_end() -> None:
    assert classify("x" * 1_000_000 + "\nError: 429 Too Many Requests", now=NOW).is_limit


def test_missing_rules_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(detector, "__file__", str(tmp_path / "a" / "b" / "c" / "detector.py"))
    with pytest.raises(KitError, match="install or copy the kit again"):
        detector._rules()


def test_zones_are_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    detector._zone.cache_clear()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert str(detector._zone("")) == "Asia/Tokyo"
    assert detector._zone("No/Where") is None
    assert str(detector._zone("Europe/Berlin")) == "Europe/Berlin"
    detector._zone.cache_clear()
    monkeypatch.delenv("TZ")
    assert detector._zone("") is not None
    detector._zone.cache_clear()
