"""Spans and counts as people read them."""

import pytest

from supervisor.core.wording import brief, listed, plural, size, span


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(-3, "0s"), (4.4, "4s"), (125, "2m5s"), (3700, "1h1m"), (90_000, "1d1h"), (7200, "2h")],
)
def test_spans_are_as_exact_as_their_size_deserves(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_counts_and_lists() -> None:
    assert plural(1, "task") == "1 task"
    assert plural(0, "task") == "0 tasks"
    assert listed("abc") == "a, b, c"
    assert listed("abcdefg", 2) == "a, b and 5 more"


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    assert brief("python  eval.py\n--id 3") == "python eval.py --id 3"
    assert brief("abcdefghij", 6) == "abc…ij"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (812, "812 B"),
        (1536, "1.5 KiB"),
        (3 << 30, "3.0 GiB"),
        (700 << 20, "700 MiB"),
        (5 << 40, "5120 GiB"),
    ],
)
def test_sizes_have_a_unit(count: int, text: str) -> None:
    assert size(count) == text
