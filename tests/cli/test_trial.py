"""``overnight rules test``."""

import json

import pytest

from supervisor.cli import trial
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook

BOOK = RuleBook(
    (
        Rule(
            id="a.cause", pattern="boom", error_class=ErrorClass.NETWORK, rank=3, matches=("boom",)
        ),
        Rule(id="a.number", pattern=r"\b77\b", error_class=ErrorClass.AUTH, rank=1, where="error"),
        Rule(id="a.not", pattern="boom", error_class=ErrorClass.AUTH, unless="big"),
        Rule(id="a.when", pattern="again in"),
    )
)


def test_why_each_rule_explains_a_line_or_not(capsys: pytest.CaptureFixture[str]) -> None:
    """The closest cause wins; a rule that only counts elsewhere says where."""
    assert trial.try_text("Error: big boom 77, try again in 5s", BOOK, "UTC", as_json=False) == 0
    out = capsys.readouterr().out
    assert "rule      a.cause (network, rank 3): explains it" in out
    assert "rule      a.number (auth, rank 1): a.cause is closer to the cause" in out
    assert "rule      a.not (auth, rank 2): its unless matches, too" in out
    assert "time      5s, as «" in out
    assert "so        network: stops a running task" in out


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("all is well", 1, "no rule explains it"),
        ("x 77 y", 1, "counts only where: error"),
        ("tests/test_x.py::test_boom PASSED boom", 1, "such a line proves nothing"),
        ("try again in 5s", 0, "it says only when to try again"),
        ("INFO boom big", 0, "explains an end, stops no running task"),
        ("Error: boom, resets at 2000-01-01", 0, "none stated"),
        ("Error: boom, resets 4pm", 0, "16:00:00 UTC, in "),
    ],
)
def test_conclusions(text: str, code: int, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 when no rule explains any line."""
    assert trial.try_text(text, BOOK, "UTC", as_json=False) == code
    assert words in capsys.readouterr().out


def test_for_a_script(capsys: pytest.CaptureFixture[str]) -> None:
    """One object a line."""
    trial.try_text("boom\n\nhm", BOOK, "UTC", as_json=True)
    first, second = json.loads(capsys.readouterr().out)
    assert (first["rule"], first["class"], first["acts"]) == ("a.cause", "network", True)
    assert second["rule"] is None
    assert trial.try_samples(BOOK, as_json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"v": 1, "rules": 4, "samples": 1, "wrong": []}
