import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.tui.tail import LINES_KEPT, LONGEST_LINE, Tail


def lines(*chunks: bytes, inside: bool = False) -> list[str]:
    tail = Tail(begins_inside=inside)
    for chunk in chunks:
        tail.feed(chunk)
    rest = [tail.unfinished] if tail.unfinished else []
    return [tail.line(number) for number in range(tail.dropped, tail.finished)] + rest


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"a\nb\n", ["a", "b"]),
        (b"a\nb", ["a", "b"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b" 10%\r 20%\r 30%", [" 30%"]),
        (b" 10%\r 20%\r\n", [" 20%"]),
        (b"\x1b[31mred\x1b[0m\n", ["red"]),
        (b"a\tb\n", ["a       b"]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
    ],
)
def test_lines_stand_as_on_a_terminal(data: bytes, shown: list[str]) -> None:
    assert lines(data) == shown


@given(st.text(alphabet="ab\r\n評\x1b[0m"), st.integers(1, 7))
def test_where_the_bytes_are_cut_does_not_matter(text: str, step: int) -> None:
    data = text.encode()
    assert lines(*(data[at : at + step] for at in range(0, len(data), step))) == lines(data)


def test_a_window_that_begins_inside_a_line_drops_that_line() -> None:
    assert lines(b"rest of one\ntwo\n", inside=True) == ["two"]
    assert lines(b"rest of one", inside=True) == []


def test_memory_is_bounded() -> None:
    tail = Tail()
    tail.feed(b"x\n" * (LINES_KEPT + 3))
    assert (tail.dropped, tail.finished) == (3, LINES_KEPT + 3)
    for _ in range(8):
        tail.feed(b"y" * LONGEST_LINE)
    assert len(tail.unfinished) == LONGEST_LINE
