"""What pytest counts at its end; what failing tests say is nobody's error class."""

from pathlib import Path

import pytest

from supervisor.adapters.results.pytest import read
from supervisor.core.models import FailedItem, ResultsSeen
from tests.adapters.results.looks import look

SUMMARY = """\
=========================== short test summary info ============================
FAILED tests/test_a.py::test_limit[429-x] - AssertionError: 429 Too Many Requests
ERROR tests/test_b.py
============= 1 failed, 2 passed, 1 warning, 1 error in 0.12s ==============
"""


def test_counts_and_names(tmp_path: Path) -> None:
    assert read(look(tmp_path, said=SUMMARY)) == ResultsSeen(
        status="error",
        done=2,
        total=4,
        failed=(
            FailedItem(id="tests/test_a.py::test_limit[429-x]", text=""),
            FailedItem(id="tests/test_b.py", text=""),
        ),
        failed_count=2,
    )


@pytest.mark.parametrize(
    ("line", "status", "done"),
    [
        ("12 passed in 3.21s", "success", 12),
        ("== 12 passed, 3 skipped in 61.00s (0:01:01) ==", "success", 15),
        ("\x1b[32m12 passed\x1b[0m\x1b[32m in 3.21s\x1b[0m", "success", 12),
        ("1 skipped in 0.01s", None, 1),
        ("2 errors in 0.50s", "error", 0),
        ("no tests ran in 0.01s", None, None),
        ("I think 3 failed in 2s", None, None),
    ],
)
def test_the_last_line_of_counts(
    tmp_path: Path, line: str, status: str | None, done: int | None
) -> None:
    found = read(look(tmp_path, said=f"collected\n{line}\n"))
    assert (found.status, found.done) == (status, done)


def test_no_output_says_nothing(tmp_path: Path) -> None:
    assert read(look(tmp_path, logs=(tmp_path / "gone.log",))) == ResultsSeen()
