"""Text for terminals."""

import pytest

from supervisor.cli.text import apart, cleaned, clock, cut, now, padded, span, width_of, wrapped


def test_cleaned_is_harmless_and_on_one_line() -> None:
    assert cleaned("a\tb\r\n  c") == "a b c"
    assert cleaned("\x1b[31mred\x00") == "?[31mred?"
    assert cleaned("ü 日本") == "ü 日本"


def test_wide_and_combining_characters_count_as_shown() -> None:
    assert width_of("日本") == 4
    assert width_of("e\u0301") == 1
    assert cut("日本語", 4) == "日…"
    assert cut("abc", 3) == "abc"
    assert padded("日", 4) == "日  "


def test_wrapped_keeps_everything_it_has_room_for() -> None:
    text = "one two three four five six seven"
    assert wrapped(text, 14, "  ", 9) == ["one two three", "  four five", "  six seven"]
    assert wrapped(text, 14, "  ", 2) == ["one two three", "  four five s…"]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-5, "0s"),
        (0.4, "0s"),
        (59, "59s"),
        (61, "1m01s"),
        (900, "15m"),
        (6900, "1h55m"),
        (187_200, "2d4h"),
    ],
)
def test_spans(seconds: float, text: str) -> None:
    assert span(seconds) == text


def test_clock_names_the_day_only_when_it_is_another() -> None:
    at = now()
    assert len(clock(at, at)) == 5
    assert len(clock(at + 3 * 86400, at)) == 12


def test_facts_stand_apart_and_say_nothing_to_the_terminal() -> None:
    assert apart("a\x1bb", "", "c") == "a?b  c"
