"""Patterns of operators: safe, or refused."""

import sys
from collections.abc import Sequence

import pytest

from supervisor.adapters.scanner import compiling
from supervisor.adapters.scanner.linear import leading_gap, refused, searching_own
from supervisor.core.rules import Rule

HANGS = Rule(id="own.hangs", pattern="(a+)+x|(b|b)*y", unless="(a|aa)+!z")


def test_a_pattern_that_hangs_re_is_searched_in_linear_time() -> None:
    """Thirty letters would take ``re`` an hour; these are thousands."""
    searching = searching_own([HANGS])
    pattern, unless = searching(HANGS, HANGS.pattern), searching(HANGS, HANGS.unless or "")
    assert pattern.search("a" * 5000 + "b" * 5000) is None
    assert unless.search("a" * 5000) is None
    found = pattern.search("ünd " + "a" * 50 + "x")
    assert found is not None
    assert found.start() == 4


def test_rules_that_came_along_are_searched_by_re() -> None:
    """They are tested, and may look around in ``unless``."""
    other = Rule(id="a.b", pattern="x")
    searching = searching_own([HANGS])
    assert searching(other, "a(?!b)").search("ab ac") is not None


def test_what_no_engine_takes_is_refused_with_the_way_out() -> None:
    """Each for its own reason; the others may stay."""
    huge = "(?:(?:(?:a{0,9}b){0,99}c){0,99}d){0,99}"
    reasons = refused(["fine", "a(?=b)", huge, "also (a+)+ fine", "(?:x.{0,40}){3}y"])
    assert set(reasons) == {"a(?=b)", huge}
    assert "linear time" in reasons["a(?=b)"]
    assert "make it simpler" in reasons[huge]


def test_what_takes_too_long_to_compile_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the pattern at fault."""
    slow = "one"

    def compile_in_a_child(patterns: Sequence[str], **_how: object) -> bytes:
        if slow in patterns:
            raise compiling.PatternError("takes more than 10 s to compile")
        return b""

    monkeypatch.setattr(compiling, "_in_a_child", compile_in_a_child)
    assert refused([slow, "two"]) == {
        slow: "takes more than 10 s to compile; make it simpler, its repeats smaller"
    }


def test_without_re2_only_what_cannot_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    """One far repeat is quadratic at worst; more of them are refused."""
    monkeypatch.setitem(sys.modules, "re2", None)
    assert set(refused(["a.*b", "a{0,5}b{0,5}c", "(a+)+b", "a.{0,90}b.{9,}c"])) == {
        "(a+)+b",
        "a.{0,90}b.{9,}c",
    }


def test_without_hyperscan_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then re2 alone decides."""
    monkeypatch.setitem(sys.modules, "supervisor.adapters.scanner.compiling", None)
    assert refused(["fine"]) == {}


@pytest.mark.parametrize(
    ("pattern", "gap"),
    [
        (".*error", ".*"),
        ("(?:.+?error)", ".+?"),
        ("(?i).{0,40}x", ".{0,40}"),
        (r"\.*x", None),
        ("error.*", None),
    ],
)
def test_leading_gaps(pattern: str, gap: str | None) -> None:
    """They match anything before what is looked for."""
    assert leading_gap(pattern) == gap
