from hypothesis import given
from hypothesis import strategies as st

from supervisor.tui import pages as module
from supervisor.tui.pages import LONGEST_LINE, Pages

LOG = b"".join(b"line %04d\n" % number for number in range(1000))


def texts(pages: Pages) -> list[bytes]:
    return [line.raw for line in pages.lines]


def test_a_window_in_the_middle_begins_with_a_whole_line() -> None:
    pages = Pages()
    pages.begin(14, LOG[14:64], len(LOG))
    assert texts(pages)[0] == b"line 0002"
    assert pages.low == 20
    assert pages.lines[0].offset == 20


def test_what_follows_and_what_stands_before_is_joined() -> None:
    pages = Pages()
    pages.begin(500, LOG[500:605], len(LOG))
    pages.append(pages.high, LOG[pages.high : pages.high + 33], len(LOG))
    added = pages.prepend(pages.low - 45, LOG[pages.low - 45 : pages.low], len(LOG))
    assert added == 4
    assert LOG[pages.low : pages.high] == b"".join(raw + b"\n" for raw in texts(pages))
    assert all(LOG[line.offset :].startswith(line.raw) for line in pages.lines)


def test_the_unfinished_end_is_shown_and_read_again() -> None:
    pages = Pages()
    pages.begin(0, b"whole\nhal", 9)
    assert pages.unfinished is not None
    assert (pages.unfinished.offset, pages.unfinished.raw, pages.high) == (6, b"hal", 6)
    pages.append(6, b"half\n", 11)
    assert (texts(pages), pages.unfinished) == ([b"whole", b"half"], None)


def test_what_does_not_fit_is_left_out() -> None:
    pages = Pages()
    pages.begin(0, LOG[:100], len(LOG))
    assert pages.append(50, LOG[50:150], len(LOG)) == 0
    assert pages.prepend(300, LOG[300:400], len(LOG)) == 0
    assert pages.high == 100


def test_memory_is_bounded_at_both_ends(monkeypatch: object) -> None:
    old, module.MOST_BYTES = module.MOST_BYTES, 500
    try:
        pages = Pages()
        pages.begin(0, LOG[:400], len(LOG))
        assert pages.append(400, LOG[400:800], len(LOG)) == 30
        assert (pages.low, pages.high) == (300, 800)
        assert pages.prepend(100, LOG[100:300], len(LOG)) == 19
        assert pages.high - pages.low <= 500
        assert LOG[pages.low : pages.high] == b"".join(raw + b"\n" for raw in texts(pages))
    finally:
        module.MOST_BYTES = old


def test_a_line_without_an_end_is_shown_in_pieces() -> None:
    pages = Pages()
    data = b"x" * (LONGEST_LINE + 10)
    pages.begin(0, data, 10**9)
    assert pages.high == len(data)
    pages.begin(5, data, 10**9)
    assert pages.high > 5


@given(
    st.lists(st.binary(max_size=30).map(lambda raw: raw.replace(b"\n", b"")), max_size=40),
    st.lists(st.integers(1, 60), min_size=1, max_size=40),
)
def test_reading_in_pieces_gives_every_line_once(lines: list[bytes], steps: list[int]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    pages = Pages()
    pages.begin(0, data[: steps[0]], len(data))
    for step in [*steps[1:], *[64] * (len(data) // 32 + 2)]:
        pages.append(pages.high, data[pages.high : pages.high + step], len(data))
    assert texts(pages) == lines
