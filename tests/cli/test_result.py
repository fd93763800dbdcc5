"""The exit code of every way in which a batch can end."""

import pytest

from supervisor.cli.result import exit_code, words


def code(
    counts: dict[str, int],
    *,
    finished: bool = False,
    limited: bool = False,
    interrupted: bool = False,
) -> int:
    return exit_code(counts, finished=finished, limited=limited, interrupted=interrupted)


def test_all_succeeded_is_0() -> None:
    assert code({"succeeded": 3}, finished=True) == 0
    # Tasks that were not asked for still wait.
    assert code({"succeeded": 3, "waiting": 4}, finished=True) == 0
    # The last task ended before the interrupt took effect.
    assert code({"succeeded": 3}, interrupted=True) == 0


@pytest.mark.parametrize("phase", ["failed", "aborted", "cancelled"])
def test_anything_else_that_ended_is_1(phase: str) -> None:
    assert code({"succeeded": 3, phase: 1}, finished=True) == 1


def test_no_work_done_is_never_success() -> None:
    assert code({}, finished=True) == 1
    assert code({"waiting": 3}, finished=True) == 1
    assert code({"succeeded": 3, "waiting": 1}) == 1


def test_130_goes_before_2_before_1() -> None:
    counts = {"succeeded": 1, "failed": 1, "held": 1, "waiting": 1}
    assert code(counts) == 2
    assert code({**counts, "held": 0}, limited=True) == 2
    assert code(counts, limited=True, interrupted=True) == 130
    assert code({**counts, "held": 0}) == 1


def test_the_words() -> None:
    counts = {"succeeded": 17, "failed": 3, "aborted": 2, "cancelled": 1, "held": 4, "waiting": 0}
    assert words(counts, {"auth": 1, "broken": 2}) == (
        "17 of 27 tasks succeeded, 3 failed (broken 2, auth 1), 2 aborted, 1 cancelled, 4 unfinished"
    )
    assert words({"failed": 1}, {}) == "0 of 1 tasks succeeded, 1 failed"
