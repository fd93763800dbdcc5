"""What a run does where nobody said so."""

import sys
from pathlib import Path

import pytest

from supervisor.kit.defaults import own_place, retries


@pytest.mark.parametrize(
    ("environ", "asked", "expected"),
    [
        ({}, None, "none"),
        ({"OVERNIGHT_ATTEMPT": "1"}, None, "none"),
        ({"OVERNIGHT_ATTEMPT": "2"}, None, "passing"),
        ({"OVERNIGHT_ATTEMPT": "2", "KIT_RETRY_FAILED": "0"}, None, "none"),
        ({"KIT_RETRY_FAILED": "1"}, None, "all"),
        ({"KIT_RETRY_FAILED": "1"}, False, "none"),
        ({}, True, "all"),
    ],
)
def test_who_asks_decides(environ: dict[str, str], asked: bool | None, expected: str) -> None:
    assert retries(environ, asked) == expected


def test_outcomes_go_to_the_task_or_beside_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert own_place({"OVERNIGHT_TASK_DIR": str(tmp_path)}) == tmp_path / "results.jsonl"
    monkeypatch.setattr(sys, "argv", ["scripts/my_eval.py", "--x"])
    assert own_place({"OVERNIGHT_TASK_DIR": "/no/such"}) == Path("my_eval.results.jsonl")
    monkeypatch.setattr(sys, "argv", [""])
    assert own_place({}) == Path("run.results.jsonl")
