"""Counters by a regular expression of the batch file."""

import sys
import time

import pytest

from supervisor.adapters import counters


@pytest.fixture(autouse=True)
def _afresh() -> None:
    counters.searching.cache_clear()


@pytest.mark.parametrize("linear", [True, False])
def test_two_groups_are_done_and_total(linear: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not linear:
        monkeypatch.setitem(sys.modules, "re2", None)
    search = counters.searching(r"(\d+)/(\d+) predictions")
    assert search("wrote 3/9 predictions ✓") == ("3", "9")
    assert search("nothing") is None
    assert counters.searching(r"(\d+)?/(\d+)")("/3") is None


def test_what_google_re2_does_not_know_is_searched_all_the_same() -> None:
    assert counters.searching(r"(?<=at )(\d+)/(\d+)")("at 3/9") == ("3", "9")


def test_a_line_takes_no_time() -> None:
    began = time.process_time()
    assert counters.searching(r"(a*)*b(a*)c")("a" * 400) is None
    assert time.process_time() - began < 1
