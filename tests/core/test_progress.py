"""The last counter of an output."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.progress import counter_in

BAR = " 37%|███▋      | 37/100 [00:12<00:20,  3.05it/s]"


def search(line: str) -> tuple[str, str] | None:
    found = re.search(r"(\S+) of (\S+) done", line)
    return None if found is None else (found[1], found[2])


@pytest.mark.parametrize(
    ("lines", "counter"),
    [
        ([], None),
        (["attempt 3/5", "07/11/2026"], None),
        ([BAR, "x"], (37, 100)),
        ([BAR, BAR.replace("37/100", "38/100")], (38, 100)),
        (["Requesting API:   3%|▎| 1.2k/3.4k [00:12<00:20, 99.1it/s]"], (1200, 3400)),
        (["x" * 900 + BAR], (37, 100)),
        (["100%|██| 0/0 [00:00<?, ?it/s]"], None),
    ],
)
def test_bars(lines: list[str], counter: tuple[int, int] | None) -> None:
    assert counter_in(lines) == counter


@pytest.mark.parametrize(
    ("line", "counter"),
    [
        ("3 of 9 done", (3, 9)),
        ("9 of 3 done", None),
        ("-1 of 3 done", None),
        ("three of 9 done", None),
        ("1 of 9q done", None),
        ("1e400 of 1e400 done", None),
        ("nan of 9 done", None),
    ],
)
def test_counters_of_the_batch_file(line: str, counter: tuple[int, int] | None) -> None:
    assert counter_in([line], search) == counter


def test_what_is_no_counter_after_all_hides_none() -> None:
    assert counter_in(["2 of 9 done", "9 of 3 done"], search) == (2, 9)


@given(st.lists(st.text()))
def test_any_text_is_looked_at(lines: list[str]) -> None:
    counter_in(lines)
    counter_in(lines, lambda line: (line, line))
