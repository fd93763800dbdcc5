"""From hits to the lines that are judged."""

from dataclasses import dataclass

from supervisor.core.hits import HitLine, hit_lines


@dataclass(frozen=True)
class Hit:
    line: int
    rule: str
    start: int
    at: int = 0


def test_each_line_once_with_all_its_rules() -> None:
    """Only lines with hits; what is no UTF-8 is replaced."""
    block = b"one\ntwo \xff\nthree\nfour\n"
    hits = [Hit(1, "t.a", 4), Hit(1, "t.b", 4), Hit(3, "t.a", 16)]
    assert list(hit_lines(block, hits)) == [
        HitLine(1, "two �", ("t.a", "t.b")),
        HitLine(3, "four", ("t.a",)),
    ]
    assert list(hit_lines(block, [])) == []


def test_of_a_long_line_the_head_and_the_surroundings() -> None:
    """However long it is, what has to be judged is bounded."""
    line = (
        b"head " + b"x" * 20_000 + b" first " + b"y" * 500 + b" second " + b"z" * 900_000 + b" last"
    )
    hits = [
        Hit(0, "t.a", 0, line.index(b"second") + 6),
        Hit(0, "t.b", 0, line.index(b"first") + 5),
        Hit(0, "t.c", 0, len(line)),
    ]
    (found,) = hit_lines(line + b"\n", hits)
    assert found.text.startswith("head xxx")
    assert found.text.endswith("zz last")
    assert found.text.count(" … ") == 2
    assert " first " in found.text
    assert " second " in found.text
    assert len(found.text) < 6000
    assert found.rules == ("t.a", "t.b", "t.c")


def test_many_hits_in_a_long_line_take_bounded_room() -> None:
    """A line of nothing but errors is still one line."""
    line = b"error " * 50_000
    (found,) = hit_lines(line + b"\n", [Hit(0, f"t.{n}", 0, n * 5000) for n in range(50)])
    assert len(found.text) < 20_000
    assert len(found.rules) == 50


def test_the_lines_beside() -> None:
    """Their beginnings, as far as the block goes."""
    block = b"first\n" + b"b" * 900 + b"\nhit\nlast \xff\n"
    (top, middle) = hit_lines(block, [Hit(0, "t.a", 0), Hit(2, "t.a", 907)])
    assert top.beside == ("", "b" * 400)
    assert middle.text == "hit"
    assert middle.beside == ("b" * 400, "last \ufffd")
    (alone,) = hit_lines(b"one", [Hit(0, "t.a", 0)])
    assert alone.beside == ("", "")
