"""What lines have in common."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.masking import masked, name_of, pattern_of


@pytest.mark.parametrize(
    ("line", "common"),
    [
        ("step 17 of 4,000 went wrong", "step <n> of <n> went wrong"),
        ("cannot read /data/x17/y.bin now", "cannot read <path> now"),
        ("GET https://api.example.org/v1?a=3 failed", "GET <url> failed"),
        ("at 0xdeadbeef in 9f3c2ab77d", "at <hex> in <hex>"),
        ("job 0b5a9d3c-1111-2222-3333-444455556666 died", "job <id> died"),
        ("2026-02-12T20:30:00.5Z no answer", "<time> no answer"),
        ("key [redacted] is bad", "key <secret> is bad"),
        ("and/or nothing varies here", "and/or nothing varies here"),
    ],
)
def test_what_varies_is_masked(line: str, common: str) -> None:
    """Numbers, paths, addresses, ids, times, secrets."""
    assert masked(line) == common


def test_the_pattern_finds_all_that_are_alike() -> None:
    """And not what is another message."""
    pattern = re.compile(pattern_of("Worker 17 (pid 4) lost /tmp/a/b [queue+1]"))
    assert pattern.search("Worker 3 (pid 99) lost /var/c/d/e [queue+1]")
    assert not pattern.search("Worker 3 found its queue")


def test_the_end_of_a_pattern_tells_something() -> None:
    """What varies at the end is left off; a line of only that has no pattern."""
    assert pattern_of("died after 17") == "died after"
    assert pattern_of("17 /a/b/c") == r"[\d.,]+"
    assert pattern_of("17") == ""
    assert len(pattern_of("x" * 5000)) <= 160


def test_names() -> None:
    """A few words, as ids of rules take them."""
    assert name_of("ValueError: bad shape 17 in /tmp/a/b") == "value-error-bad-shape"
    assert name_of("17") == "line"


@given(st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=150))
def test_a_line_is_always_found_by_its_pattern(line: str) -> None:
    """Whatever it is made of."""
    assert re.search(pattern_of(line), line)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", name_of(line))
