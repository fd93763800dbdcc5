from hypothesis import given
from hypothesis import strategies as st

from supervisor.tui.log_rows import lit, rows_of, shifted
from supervisor.tui.pages import TextLine
from supervisor.tui.widgets.lines import cells


def rows(raw: bytes, width: int | None = 10) -> list[str]:
    return [row.text for row in rows_of(TextLine(7, raw), width, ascii_only=False)]


def test_a_line_is_wrapped_at_the_edge_and_knows_where_it_begins() -> None:
    found = rows_of(TextLine(7, b"abcdefghijklmno"), 10, ascii_only=False)
    assert [(row.text, row.offset, row.first) for row in found] == [
        ("abcdefghij", 7, True),
        ("klmno", 7, False),
    ]
    assert rows(b"abcdefghijklmno", None) == ["abcdefghijklmno"]
    assert rows(b"") == [""]


def test_progress_that_overwrites_itself_shows_its_last_state() -> None:
    assert rows(b"10%\r50%\r100%\r") == ["100%"]


def test_colours_survive_a_wrap() -> None:
    found = rows_of(TextLine(0, b"\x1b[31m" + b"r" * 12 + b"\x1b[0m."), 10, ascii_only=False)
    assert [row.pieces for row in found] == [(("r" * 10, "bad"),), (("rr", "bad"), (".", ""))]


def test_wide_letters_are_never_cut_in_half() -> None:
    assert rows("評価タスク日本".encode(), 5) == ["評価", "タス", "ク日", "本"]
    assert rows("評".encode(), 1) == ["評"]


@given(st.text(alphabet="ab評\t ", max_size=60), st.integers(2, 20))
def test_nothing_is_lost_and_every_row_fits(text: str, width: int) -> None:
    found = rows(text.encode(), width)
    assert "".join(found) == text.expandtabs(8)
    assert all(cells(row) <= width for row in found)


def test_a_line_moves_to_the_left() -> None:
    pieces = (("abc", "bad"), ("def", ""))
    assert shifted(pieces, 0) == pieces
    assert shifted(pieces, 4) == (("ef", ""),)
    assert shifted(pieces, 9) == ()


def test_found_words_are_marked() -> None:
    pieces = (("an Error, error", "bad"),)
    assert lit(pieces, "error") == (
        ("an ", "bad"),
        ("Error", "key"),
        (", ", "bad"),
        ("error", "key"),
    )
    assert lit(pieces, "Error")[1] == ("Error", "key")
    assert len(lit(pieces, "Error")) == 3
    assert lit(pieces, "") == pieces
    assert lit((("İx", ""),), "x") == (("İ", ""), ("x", "key"))
