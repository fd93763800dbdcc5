from supervisor.tui.paragraphs import Styled, laid
from supervisor.tui.widgets.lines import BLANK, Line


def test_paragraphs_are_wrapped_and_hang() -> None:
    found = laid(
        ["one two three", "", Styled(text="- a b c d e f", look="dim", hang=2)], 8, ascii_only=True
    )
    assert [line.pieces[0] if line is not BLANK else None for line in found] == [
        ("one two", ""),
        ("three", ""),
        None,
        ("- a b c", "dim"),
        ("  d e f", "dim"),
    ]


def test_what_a_text_holds_does_nothing_but_be_shown() -> None:
    assert laid(["a\x1b[31mb\n[bold]c"], 20, ascii_only=False) == [Line((("ab [bold]c", ""),))]
