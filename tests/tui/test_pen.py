import pyte
import pytest

from supervisor.tui.pen import PLAIN, Cell, Pen

RED = ("1", "31", "")
ON_BLUE = ("", "31", "44")


def cells(text: str, look: tuple[str, str, str] = PLAIN) -> list[Cell]:
    return [(char, look) for char in text]


def written(*runs: tuple[int, int, list[Cell]]) -> str:
    pen = Pen()
    for y, x, run in runs:
        pen.write(y, x, run)
    return pen.done()


def test_a_look_is_said_once_until_it_changes() -> None:
    sent = written((0, 0, cells("ab", RED)), (0, 9, cells("c", RED)), (3, 2, cells("d", ON_BLUE)))
    assert sent == "\x1b[1;1H\x1b[1;31mab\x1b[10Gc\x1b[4;3H\x1b[;31;44md\x1b[m"


def test_what_is_plain_needs_no_look_and_nothing_is_nothing() -> None:
    assert written((0, 0, cells("x"))) == "\x1b[1;1Hx"
    assert written((0, 0, [*cells("x", RED), *cells("y")])) == "\x1b[1;1H\x1b[1;31mx\x1b[my"
    assert written() == ""


@pytest.mark.parametrize("char", ["評", "👩", "e\u0301"])
def test_the_neighbour_of_a_character_of_contested_width_stays_where_it_is(char: str) -> None:
    wide = [("", PLAIN)] if char in "評👩" else []
    sent = written((0, 0, [(char, PLAIN), *wide, ("x", PLAIN), ("y", PLAIN)]))
    assert sent == f"\x1b[1;1H{char}\x1b[{2 + len(wide)}Gxy"


def test_a_terminal_shows_what_was_written() -> None:
    screen = pyte.Screen(10, 2)
    pyte.Stream(screen).feed(
        written((1, 4, cells("hi", RED)), (1, 8, cells("!")), (0, 1, cells("a")))
    )
    assert screen.display == [" a        ", "    hi  ! "]
    assert screen.buffer[1][4].fg == "red"
    assert screen.buffer[1][8].fg == "default"
