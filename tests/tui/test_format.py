import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from supervisor.tui.format import (
    age,
    clock,
    countdown,
    filled,
    fit,
    left,
    moment,
    plain,
    size,
    wrapped,
)
from tests.tui.scene import HOUR, NOW


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07name", "name"),
        ("\x1b]52;c;aGk=\x1b\\name", "name"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("\x1bPq#0;2\x1b\\x", "x"),
        ("\x9b31mred", "red"),
        ("cut \x1b[", "cut "),
        ("cut \x1b]52;c;never ended", "cut "),
        ("a\u202eb\u2066c\u200fd", "abcd"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("a\nb\tc\rd", "a b c d"),
        ("bell\x07\x08\x00", "bell"),
        ("[bold red]markup[/]", "[bold red]markup[/]"),
        ("e\u0301", "\u00e9"),
        ("x" + "\u0335" * 50, "x" + "\u0335" * 2),
        ("\u0335lone", "lone"),
        ("\u2764\ufe0f", "\u2764"),
        ("評価", "評価"),
    ],
)
def test_plain_keeps_only_what_can_be_shown(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_plain_can_be_ascii_only() -> None:
    assert plain("caf\u00e9 評", ascii_only=True) == "caf? ?"


@given(st.text())
def test_plain_text_is_harmless_and_stays_the_same(text: str) -> None:
    shown = plain(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") for char in shown)
    assert plain(shown) == shown


@given(st.text(), st.integers(0, 40), st.sampled_from(["end", "middle"]))
def test_fit_fills_exactly(text: str, cells: int, cut: str) -> None:
    assert cell_len(fit(plain(text), cells, cut=cut)) == cells  # type: ignore[arg-type]


def test_fit_cuts_where_asked() -> None:
    assert fit("capsule-0921079", 9) == "capsule-…"
    assert fit("capsule-0921079", 9, cut="middle") == "caps…1079"
    assert fit("ab", 4, align="right") == "  ab"
    assert fit("評価タスク", 4) == "評… "
    assert fit("abc", 1) == "…"


@given(st.text(), st.integers(2, 40))
def test_wrapped_rows_fit_and_lose_only_spaces(text: str, cells: int) -> None:
    rows = wrapped(plain(text), cells)
    assert all(cell_len(row) <= cells for row in rows)
    assert "".join("".join(rows).split()) == "".join(plain(text).split())


def test_spans_are_coarse() -> None:
    assert [age(span) for span in (0, 59, 60, 3599, 3600 + 120, 36000, 4 * 86400)] == [
        "<1m",
        "<1m",
        "1m",
        "59m",
        "1h02",
        "10h",
        "4d",
    ]
    assert [left(span) for span in (-1, 0, 1, 10, 11, 50, 51, 61, 3600)] == [
        "now",
        "now",
        "10s",
        "10s",
        "20s",
        "50s",
        "1m",
        "2m",
        "1h00",
    ]


@given(st.floats(0, 1e9))
def test_spans_take_at_most_five_cells(span: float) -> None:
    assert len(age(span)) <= 5
    assert len(left(span)) <= 5


def test_a_countdown_is_exact_at_its_end() -> None:
    assert countdown(119.5) == "120s"
    assert countdown(1) == "1s"
    assert countdown(121) == "3m"
    assert countdown(0) == "now"


def test_moments_name_the_day_when_it_is_not_near() -> None:
    assert clock(NOW) == "02:14"
    assert moment(NOW + 4 * HOUR, NOW) == "06:14"
    assert moment(NOW + 30 * HOUR, NOW) == "Feb 20 08:14"


def test_sizes() -> None:
    assert [size(n) for n in (0, 999, 1024, 20480, 5 * 2**30, 3 * 2**40)] == [
        "0 B",
        "999 B",
        "1.0 KiB",
        "20 KiB",
        "5.0 GiB",
        "3.0 TiB",
    ]


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 40))
def test_a_bar_is_full_only_when_all_is_done(done: int, total: int, cells: int) -> None:
    part = filled(done, total, cells)
    assert 0 <= part <= cells
    if total and cells > 1:
        assert (part == cells) == (done >= total)
        assert (part == 0) == (done == 0)
