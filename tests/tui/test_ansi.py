import pytest

from supervisor.tui.ansi import pieces_of


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        ("plain", (("plain", ""),)),
        ("", (("", ""),)),
        ("a\tb", (("a       b", ""),)),
        ("\x1b[31mred\x1b[0m rest", (("red", "bad"), (" rest", ""))),
        ("\x1b[1mbold\x1b[1;32mgreen\x1b[m", (("bold", "strong"), ("green", "good"))),
        ("\x1b[2mdim\x1b[39mno", (("dim", "dim"), ("no", ""))),
        ("\x1b[90mgrey\x1b[97mwhite", (("grey", "dim"), ("white", ""))),
        (
            "\x1b[38;5;196mred\x1b[38;5;240mgrey\x1b[38;5;250mlight",
            (("red", "bad"), ("grey", "dim"), ("light", "")),
        ),
        ("\x1b[38;5;2mgreen\x1b[38;5;8mgrey", (("green", "good"), ("grey", "dim"))),
        ("\x1b[38;2;255;200;0morange\x1b[38;2;9;9;9mblack", (("orange", "warn"), ("black", "dim"))),
        ("\x1b[48;5;196;34mblue on red", (("blue on red", "running"),)),
        ("\x1b[38mbroken", (("broken", ""),)),
        ("\x1b[38;5mbroken", (("broken", ""),)),
    ],
)
def test_colours_become_looks(line: str, pieces: tuple[tuple[str, str], ...]) -> None:
    assert pieces_of(line) == pieces


@pytest.mark.parametrize(
    "hostile",
    [
        "\x1b]52;c;aGk=\x07",
        "\x1b[2J",
        "\x1b[10;10H",
        "\x9b31m",
        "\x1b]8;;http://x\x1b\\",
        "\x07\x00",
    ],
)
def test_everything_else_is_dropped(hostile: str) -> None:
    text = "".join(text for text, _ in pieces_of(f"a{hostile}b\x1b[31mc"))
    assert text == "abc"


def test_ascii_terminals_get_ascii() -> None:
    assert pieces_of("\x1b[31mü\x1b[0mé", ascii_only=True) == (("?", "bad"), ("?", ""))
