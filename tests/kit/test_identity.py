from dataclasses import dataclass
from pathlib import Path

import pytest

from supervisor.kit.errors import KitError
from supervisor.kit.identity import content_of, key_of


@dataclass
class Question:
    id: str
    text: str


@pytest.mark.parametrize(
    ("item", "key"),
    [
        ("q1", "q1"),
        (7, "7"),
        (Path("a/b.json"), "a/b.json"),
        ({"id": 3, "text": "why"}, "3"),
        ({"instance_id": "astropy__1", "text": "why"}, "astropy__1"),
        (Question("q9", "why"), "q9"),
    ],
)
def test_items_are_known_by_their_text_or_id(item: object, key: str) -> None:
    assert key_of(item) == key


def test_an_item_without_an_id_is_known_by_what_it_holds() -> None:
    assert key_of({"text": "a", "n": 1}) == key_of({"n": 1, "text": "a"})
    assert key_of({"text": "a"}) != key_of({"text": "b"})


def test_what_has_neither_is_refused_with_the_way_out() -> None:
    with pytest.raises(KitError, match="pass key="):
        key_of(object())


def test_a_changed_item_has_another_hash() -> None:
    assert content_of(Question("q", "a")) == content_of(Question("q", "a"))
    assert content_of(Question("q", "a")) != content_of(Question("q", "b"))
    assert content_of(b"1") != content_of(b"2")
    assert content_of(object()) == ""
