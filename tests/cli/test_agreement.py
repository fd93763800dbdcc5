"""What is asked when the engine refuses without the operator's word."""

import io
import sys

import pytest

from supervisor.cli.agreement import agreed
from supervisor.core.options import RunOptions

ASK = RunOptions()
CHANGED = "g/a has another command: --keep counts it as done, --force runs it again"


@pytest.mark.parametrize(
    ("refusal", "answer", "options"),
    [
        (CHANGED, "k\n", RunOptions(changed="keep")),
        (CHANGED, "R\n", RunOptions(changed="force")),
        (CHANGED, "\n", None),
        (CHANGED, "", None),
        ("not where it was: --moved or --copied", "m\n", RunOptions(moved="moved")),
        ("not where it was: --moved or --copied", "c\n", RunOptions(moved="copied")),
        ("names are missing: --missing-env-ok", "g\n", RunOptions(missing_env_ok=True)),
        ("no task matches", "k\n", None),
    ],
)
def test_answers(
    monkeypatch: pytest.MonkeyPatch, refusal: str, answer: str, options: RunOptions | None
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(answer))
    assert agreed(refusal, ASK) == options


def test_what_was_answered_is_not_asked_again() -> None:
    assert agreed(CHANGED, RunOptions(changed="keep")) is None
