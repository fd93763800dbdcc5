import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.query_word import QueryError, read_word


def found(typed: str, text: str, *, whole: bool = False, wild: bool = False) -> bool:
    word, end = read_word(typed, 0)
    assert end == len(typed)
    return word.pattern(whole=whole, whole_if_wild=wild).search(text) is not None


def test_a_word_ends_at_a_space_and_is_found_in_any_case() -> None:
    word, end = read_word("one Two three", 4)
    assert (word.text, end) == ("Two", 7)
    assert found("Two", "a two b")
    assert not found("two", "tow")


def test_wildcards_stand_for_text_and_commas_for_or() -> None:
    assert found("core*3", "corebench-3")
    assert found("c?re", "core")
    assert not found("c?re", "coore")
    assert found("a,b", "xbx")
    assert not found("a,b", "xcx")
    assert found("a,", "xax")
    assert not found("a,", "b")


def test_a_wildcard_may_bind_to_both_ends() -> None:
    assert found("core*", "my-core-1")
    assert not found("core*", "my-core-1", wild=True)
    assert found("core", "my-core-1", wild=True)
    assert not found("core", "my-core-1", whole=True)


def test_quotation_marks_keep_a_text_as_it_is() -> None:
    assert found('"two words"', "so two words here")
    assert found('"a*b,c"', "a*b,c")
    assert not found('"a*b"', "axb")
    assert found(r'"say \"hi\""', 'say "hi"')
    assert found('gro"up 1"*', "group 123", wild=True)


def test_an_empty_word_has_no_patterns() -> None:
    for typed in ("", " x", ",", '""'):
        word, _ = read_word(typed, 0)
        assert (word.patterns, word.texts, word.wild) == ((), (), False)


def test_what_has_no_wildcards_is_known_as_texts() -> None:
    word, _ = read_word('Ab"C,d",e,', 0)
    assert (word.texts, word.wild) == (("abc,d", "e"), False)
    assert read_word("a*,b", 0)[0].wild
    assert not read_word('"a*"', 0)[0].wild


def test_an_open_quotation_mark_is_named_by_its_place() -> None:
    with pytest.raises(QueryError, match="at 3: this quotation mark") as caught:
        read_word('ab"cd', 0)
    assert (caught.value.at, caught.value.why) == (3, "this quotation mark has no second one")


@given(st.text())
def test_whatever_is_quoted_is_found_as_it_stands(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    word, end = read_word(f'"{escaped}"', 0)
    assert (word.text, end) == (text, len(escaped) + 2)
    if text:
        assert word.pattern(whole=True, whole_if_wild=True).search(text)
