"""Bytes become the lines that a terminal would have left."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.lines import LONGEST, LineReader, clean, has_words, last_words

PIECES = st.lists(
    st.sampled_from(
        [b"a", b"word ", "ü".encode(), "🌙".encode(), b"\n", b"\r", b"\r\n", b"\x1b[31m", b"\x07"]
    )
    | st.binary(max_size=6),
    max_size=40,
).map(b"".join)


def read(*chunks: bytes) -> bytes:
    reader = LineReader()
    return b"".join(reader.feed(chunk) for chunk in chunks) + reader.flush()


def test_lines_come_whole_however_they_are_cut() -> None:
    """A line is given out when its newline has come, not before."""
    reader = LineReader()
    assert reader.feed(b"one\ntw") == b"one\n"
    assert reader.pending == 2
    assert reader.feed(b"o") == b""
    assert reader.feed(b"\nthree\nfo") == b"two\nthree\n"
    assert reader.feed(b"ur") == b""
    assert reader.flush() == b"four\n"
    assert reader.flush() == b""
    assert reader.pending == 0


@given(PIECES, st.lists(st.integers(0, 200), max_size=6))
def test_cuts_never_change_the_text(data: bytes, cuts: list[int]) -> None:
    """Wherever the chunks end, in a character or an escape, the lines are the same."""
    places = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    chunks = [data[a:b] for a, b in pairwise(places)]
    assert read(*chunks) == read(data)


@given(PIECES)
def test_clean_keeps_every_newline_and_leaves_nothing_to_clean(data: bytes) -> None:
    """Line numbers stay true, and cleaning twice changes nothing."""
    cleaned = clean(data)
    assert cleaned.count(b"\n") == data.count(b"\n")
    assert b"\r" not in cleaned
    assert b"\x1b" not in cleaned
    assert clean(cleaned) == cleaned


def test_a_character_cut_in_half_is_put_together() -> None:
    """UTF-8 does not care where the kernel cut the write."""
    moon = "🌙 night\n".encode()
    assert read(moon[:2], moon[2:]) == moon


def test_progress_keeps_its_last_state() -> None:
    r"""Of what ``\r`` overwrote the last part that says anything stays."""
    assert clean(b"10%\r20%\r30%\n") == b"30%\n"
    assert clean(b"10%\r20%\r   \r\n") == b"20%\n"
    assert clean(b"dos\r\nline\r\n") == b"dos\nline\n"
    assert clean(b"\r\r\n") == b"\n"
    assert clean(b"plain\nbar 1\rbar 2\n") == b"plain\nbar 2\n"


def test_escapes_and_controls_go() -> None:
    """Colours, titles, hyperlinks, private strings, bells and backspaces."""
    assert clean(b"\x1b[1;31mError\x1b[0m: no\n") == b"Error: no\n"
    assert clean(b"\x1b]0;title\x07text\n") == b"text\n"
    assert clean(b"\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\\n") == b"link\n"
    assert clean(b"\x1b_bk;t=1\x07text\n") == b"text\n"
    assert clean(b"a\x00b\x07c\x1b\n") == b"abc\n"


def test_a_line_beyond_the_limit_keeps_its_head() -> None:
    """Memory stays bounded, and a notice says what was dropped."""
    for chunks in (
        [b"x" * (LONGEST + 5) + b"\nnext\n"],
        [b"x" * 600_000] * 2 + [b"\nnext\n"],
        [b"x" * (LONGEST - 1), b"y" * 6 + b"\nnext\n"],
    ):
        dropped = sum(map(len, chunks)) - len(b"\nnext\n") - LONGEST
        head, notice, rest = read(*chunks).partition(b" [overnight: ")
        assert len(head) == LONGEST
        assert notice + rest == (
            b" [overnight: %d more bytes of this line were skipped]\nnext\n" % dropped
        )


def test_a_line_that_never_ends_takes_bounded_memory() -> None:
    """What is beyond the limit is counted, not kept."""
    reader = LineReader()
    for _ in range(12):
        assert reader.feed(b"z" * 200_000) == b""
    assert reader.pending == 2_400_000
    line = reader.flush()
    assert len(line) < LONGEST + 100
    assert line.endswith(b"skipped]\n")


def test_the_cut_does_not_leave_half_a_character() -> None:
    """The head of an over-long line is still UTF-8."""
    text = ("é" * LONGEST).encode()[1:] + b"\n"
    head = read(text).partition(b" [overnight")[0]
    assert head[1:].decode()


def test_short_lines_beside_an_over_long_one_stay_whole() -> None:
    """Only the line that is too long is cut."""
    lines = read(b"a\n" + b"x" * (LONGEST + 1) + b"\nb\n").split(b"\n")
    assert lines[0] == b"a"
    assert lines[2] == b"b"


def test_a_progress_bar_without_an_end_does_not_fill_the_memory() -> None:
    r"""Thousands of ``\r`` updates later only the last states are held."""
    reader = LineReader()
    for number in range(5_000):
        assert reader.feed(b"%d of 5000 |%s|\r" % (number, b"#" * 40)) == b""
        assert reader.pending < 8_192
    assert reader.feed(b"\n").startswith(b"4999 of 5000")


def test_last_words_skip_what_says_nothing() -> None:
    """Rules, frames and blank lines are no last words."""
    assert last_words(b"cause\n-----\n\n  \n") == b"cause"
    assert last_words("tot\n╰──╯\n".encode()) == b"tot"
    assert last_words("全部失败\n".encode()) == "全部失败".encode()
    assert last_words(b"\n \n--\n") == b""


@given(st.lists(st.sampled_from([b"a", b"-", b"\n", b" ", b"-" * 4096, "╰é".encode()])))
def test_words_are_there_or_not(pieces: list[bytes]) -> None:
    """Only the end of a block is looked at, whoever asks."""
    block = b"".join(pieces)
    assert has_words(block) == bool(last_words(block))
