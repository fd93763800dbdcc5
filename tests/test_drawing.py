"""A drawn screen has each letter in its cell, in its colours, and nothing of what it says is markup."""

from xml.etree import ElementTree

import pyte

from tests.drawing import drawn

SVG = "{http://www.w3.org/2000/svg}"


def picture(text: str) -> ElementTree.Element:
    screen = pyte.Screen(20, 2)
    pyte.Stream(screen).feed(text)
    return ElementTree.fromstring(
        drawn([[screen.buffer[y][x] for x in range(20)] for y in range(2)])
    )


def test_runs_of_one_look_stand_where_their_cells_are() -> None:
    texts = picture("ab\x1b[1;31mcd\x1b[0m").findall(f"{SVG}text")
    assert [(one.text, one.get("x")) for one in texts[:2]] == [("ab", "0.0"), ("cd", "16.8")]
    assert (texts[1].get("fill"), texts[1].get("font-weight")) == ("#cd3131", "bold")


def test_grounds_are_boxes_and_reversed_ones_too() -> None:
    boxes = picture("\x1b[48;2;1;2;3mx\x1b[0m\x1b[7my\x1b[0m").findall(f"{SVG}rect")
    assert [one.get("fill") for one in boxes[1:]] == ["#010203", "#e0e0e0"]


def test_wide_letters_take_two_cells_and_markup_is_text() -> None:
    texts = picture("漢<b>\x1b[32mz").findall(f"{SVG}text")
    assert texts[0].text == "漢<b>"
    assert texts[1].get("x") == f"{5 * 8.4:.1f}"
