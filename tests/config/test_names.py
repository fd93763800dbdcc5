"""Slugs: short, safe, and independent of the order in which they are made."""

from hypothesis import given
from hypothesis import strategies as st

from supervisor.config.names import digest, slug, slugs
from supervisor.core.places import encoded


def test_slug() -> None:
    assert slug("Qwen/Qwen2.5-7B") == "Qwen-Qwen2.5-7B"
    assert slug("python eval.py --id a | tee 'x y'") == "python-eval.py-id-a-tee-x-y"
    assert slug("0504157") == "0504157"
    assert slug("///") == digest("///")
    assert slug("größe") == "gr-e"
    long = slug("word " * 50)
    assert len(long) <= 80
    assert long.endswith(digest("word " * 50))


@given(text=st.text(max_size=200))
def test_a_slug_is_a_file_name_as_it_is(text: str) -> None:
    assert encoded(slug(text)) == slug(text)
    assert 0 < len(slug(text)) <= 80


def test_clashing_slugs_all_get_a_hash() -> None:
    assert slugs(["a b", "a-b", "c"]) == [f"a-b-{digest('a b')}", f"a-b-{digest('a-b')}", "c"]
    assert slugs(["c", "a-b", "a b"]) == list(reversed(slugs(["a b", "a-b", "c"])))


def test_equal_texts_keep_equal_slugs() -> None:
    assert slugs(["a", "a"]) == ["a", "a"]
