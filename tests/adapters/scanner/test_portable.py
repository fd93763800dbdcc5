"""One pattern for several engines."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.adapters.scanner.portable import Portable, portable


@pytest.mark.parametrize(
    ("pattern", "search", "certain"),
    [
        ("plain", "plain", True),
        ("a.{0,40}b", "a.*b", False),
        ("a.{1,40}?b", "a.+?b", False),
        ("a.{3,40}b", "a.{3,}b", False),
        ("a{2,4}b{,3}c", "a{2,4}b{0,3}c", True),
        (r"a\.{0,40}b", r"a\.*b", False),
        (r"a\sb", r"a[\t\x0b\f\r ]b", True),
        (r"[^\s:]x\Wy", r"[^\t\x0b\f\r :\n]x[^\w\n]y", True),
        (r"[\W_]x", r"[\W_]x", False),
        (r"a\nb", r"a\nb", False),
        (r"a\{2,9}", r"a\{2,9}", True),
        ("é", r"\xc3\xa9", True),
    ],
)
def test_what_is_searched(pattern: str, search: str, certain: bool) -> None:
    """Nothing matches across lines; far repeats are searched as endless ones, and confirmed."""
    assert (portable(pattern).search, portable(pattern).certain) == (search, certain)


@pytest.mark.parametrize(
    ("pattern", "search"),
    [
        ("error.*", "error"),
        ("error.+?", "error."),
        (r"tail\.*", "tail"),
        (r"(?:foo.*|(?-i:Bar)\w+)", r"(?:foo|(?-i:Bar)\w)"),
        (r"a\d{3,}|b.*|c", r"a\d{3}|b|c"),
        (r"(?:foo.*|bar)+", r"(?:foo.*|bar)+"),
        (r"foo.*$", r"foo.*$"),
        ("(?:ab)+", "(?:ab)+"),
        (r"x\w*\s*", "x"),
    ],
)
def test_open_ends_go(pattern: str, search: str) -> None:
    """They decide nothing, and each byte of them would be reported."""
    assert portable(pattern).search == search


def test_letters_beyond_ascii_for_an_engine_that_folds_their_bytes() -> None:
    """They are bytes that have no case."""
    assert portable("É", cased_bytes=True) == Portable(
        r"(?-i:\xc3\x89)", r"(?-i:\xc3\x89)", certain=True
    )


ATOMS = st.sampled_from(["a", "b", r"\s", r"\W", r"\d", "[^a]", "[ab]", ".", r"\.", "(?:a|b)"])
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{,2}", "{1,9}", "{0,8}?", "+?"])
SEQUENCES = st.lists(st.tuples(ATOMS, REPEATS).map("".join), min_size=1, max_size=4).map("".join)
PATTERNS = st.lists(SEQUENCES, min_size=1, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})")
LINES = st.text(alphabet="ab1 .\t\x0b-", max_size=12)


@given(PATTERNS, LINES)
def test_all_forms_find_the_line(pattern: str, line: str) -> None:
    """As ``re`` reads them: the exact form agrees, the wider one misses nothing."""
    forms = portable(pattern)
    found = re.search(pattern, line) is not None
    assert (re.search(forms.exact, line) is not None) == found
    wider = re.search(forms.search, line) is not None
    assert wider == found if forms.certain else wider >= found


@given(PATTERNS, LINES, LINES)
def test_what_is_certain_stays_in_its_line(pattern: str, before: str, after: str) -> None:
    """No match has a newline in it, unless it is to be confirmed."""
    forms = portable(pattern)
    for match in re.finditer(forms.search, f"{before}\n{after}\n"):
        assert "\n" not in match[0] or not forms.certain
