"""A part of a text, looked over."""

from collections.abc import Sequence
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.final import KEPT_BYTES
from supervisor.core.glance import Glance, glance
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import Match

RULES = RuleBook([Rule(id="t.net", error_class=ErrorClass.NETWORK, pattern="timed out")])


def scan(block: bytes) -> Sequence[Match]:
    lines = block.split(b"\n")[:-1]
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return [
        Match(number, "t.net", start)
        for number, (line, start) in enumerate(zip(lines, starts, strict=False))
        if b"timed out" in line
    ]


def test_only_what_means_something_is_left() -> None:
    """Quotes are not; numbers count over all blocks."""
    blocks = [
        b"start\nError: it timed out\n",
        b"# when it timed out\n",
        b"Error: it timed out\n--\n",
    ]
    part = glance(blocks, RULES, scan, "stderr")
    assert [(told.number, told.finding.excerpt) for told in part.told] == [
        (1, "Error: it timed out"),
        (3, "Error: it timed out"),
    ]
    assert part.lines == 5
    assert part.last == b"Error: it timed out"
    assert part.tail == b"".join(blocks)


def test_lines_know_those_around_them() -> None:
    """A piece of data between lines of a program is one of them, across blocks too."""
    piece = b'    "message": "it timed out",\n'
    program = b"    raise Failed(\n"
    assert glance([program + piece + b"    )\n"], RULES, scan, "stderr").told == ()
    assert glance([program, piece], RULES, scan, "stderr").told == ()
    assert glance([piece], RULES, scan, "stderr", before=program.strip(b"\n")).told == ()
    assert len(glance([piece], RULES, scan, "stderr").told) == 1


def test_nothing_to_look_at() -> None:
    """An empty part."""
    assert glance([], RULES, scan, "stderr") == Glance()


@given(st.lists(st.lists(st.integers(0, 20_000), min_size=1, max_size=4), max_size=6))
def test_the_tail_is_whole_lines_and_bounded(sizes: list[list[int]]) -> None:
    """Its last 32 KiB at most, cut where a line begins."""
    blocks = [b"".join(b"x" * size + b"\n" for size in block) for block in sizes]
    text = b"".join(blocks)
    tail = glance(blocks, RULES, scan, "stderr").tail
    assert text.endswith(tail)
    assert len(tail) <= KEPT_BYTES
    if len(text) <= KEPT_BYTES:
        assert tail == text
    else:
        cut = len(text) - len(tail)
        assert text[cut - 1 : cut] == b"\n"
        assert cut == text.find(b"\n", len(text) - KEPT_BYTES - 1) + 1


def test_many_lines_that_mean_something() -> None:
    """They are judged some hundred at a time, in order, each once."""
    blocks = [b"Error: it timed out\nfine\n" * 300] * 5
    part = glance(blocks, RULES, scan, "stderr")
    assert [told.number for told in part.told] == list(range(0, 3000, 2))
