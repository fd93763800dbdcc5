"""Persistent collections behave as dict and sorted set, and old versions stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.table import Ordered, Table

KEYS = st.integers(0, 60)
CHANGES = st.lists(st.tuples(st.sampled_from(["set", "drop"]), KEYS, st.integers()), max_size=120)


@given(CHANGES)
def test_a_table_is_a_dict_that_keeps_its_past(changes: list[tuple[str, int, int]]) -> None:
    table: Table[int, int] = Table()
    model: dict[int, int] = {}
    past: list[tuple[Table[int, int], dict[int, int]]] = []
    for what, key, value in changes:
        past.append((table, dict(model)))
        if what == "set":
            table, model[key] = table.with_(key, value), value
        else:
            table = table.without(key)
            model.pop(key, None)
    for was, expected in [*past, (table, model)]:
        assert list(was.items()) == list(expected.items())
        assert len(was) == len(expected)
        assert was == expected
        assert [key for key in range(61) if key in was] == sorted(expected)


@given(st.dictionaries(KEYS, st.integers()), CHANGES)
def test_diff_names_what_changed(
    start: dict[int, int], changes: list[tuple[str, int, int]]
) -> None:
    old = Table(start)
    new = old
    for _, key, value in changes:
        new = new.with_(key, value)
    assert {**old, **new.diff(old)} == new
    assert all(key not in start or start[key] is not new[key] for key in new.diff(old))


def test_two_versions_may_grow_apart() -> None:
    base = Table({"a": 1})
    left, right = base.with_("b", 2), base.with_("c", 3)
    assert dict(left) == {"a": 1, "b": 2}
    assert dict(right) == {"a": 1, "c": 3}
    assert "b" not in right
    assert "c" not in left


def test_a_version_does_not_see_keys_that_came_later_in_other_buckets() -> None:
    base = Table((number, number) for number in range(16))
    later = base.with_(16, 16)
    assert 16 not in base
    assert later[16] == 16


def test_a_table_grown_one_by_one_stays_shallow() -> None:
    table: Table[int, int] = Table()
    for number in range(3000):
        table = table.with_(number, number)
    assert list(table) == list(range(3000))
    assert table.with_(7, 8).diff(table) == {7: 8}


def test_a_missing_key_is_a_key_error() -> None:
    table = Table({"a": 1})
    with pytest.raises(KeyError):
        table["b"]
    assert table.get("b") is None
    assert table.get("b", 5) == 5
    assert table.with_("a", 1) is table
    assert table.without("b") is table
    assert repr(table) == "Table({'a': 1})"


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 400)), max_size=600))
def test_ordered_is_a_sorted_set(changes: list[tuple[bool, int]]) -> None:
    ordered: Ordered[tuple[int]] = Ordered()
    model: set[tuple[int]] = set()
    before, expected_before = ordered, sorted(model)
    for number, (keep, value) in enumerate(changes):
        if number == len(changes) // 2:
            before, expected_before = ordered, sorted(model)
        if keep:
            ordered = ordered.add((value,))
            model.add((value,))
        else:
            ordered = ordered.discard((value,))
            model.discard((value,))
        assert ordered.first == (min(model) if model else None)
        assert len(ordered) == len(model)
    assert list(ordered) == sorted(model)
    assert list(before) == expected_before
    assert all(((value,) in ordered) == ((value,) in model) for value in range(0, 401, 7))


def test_a_large_ordered_splits_and_compares() -> None:
    ordered: Ordered[tuple[int]] = Ordered()
    for number in range(1000):
        ordered = ordered.add((number * 7 % 1000,))
    assert list(ordered) == [(number,) for number in range(1000)]
    assert ordered == Ordered((number,) for number in range(1000))
    assert ordered != Ordered([(1,)])
    assert ordered != [(1,)]
    assert ordered.add((5,)) is ordered
    assert ordered.discard((5000,)) is ordered
    assert repr(Ordered([(1,)])) == "Ordered([(1,)])"
