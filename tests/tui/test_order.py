from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from supervisor.tui.order import Sort, SortKey, SortKeys, arranged, by, moved, natural, words_of

KEYS: SortKeys[int | None] = MappingProxyType(
    {
        "size": SortKey(words="by size", value=lambda row: row, falling=True),
        "odd": SortKey(words="odd ones last", value=lambda row: row and row % 2),
        "": SortKey(words="as they come", value=None),
    }
)
ROWS = {"a": 3, "b": None, "c": 1, "d": 3, "e": 2}


def test_a_column_decides_and_what_it_does_not_know_stands_last() -> None:
    assert arranged(ROWS, Sort("size", falling=True), KEYS) == ("a", "d", "e", "c", "b")
    assert arranged(ROWS, Sort("size"), KEYS) == ("c", "e", "a", "d", "b")
    assert arranged(ROWS, Sort(""), KEYS) == ("a", "b", "c", "d", "e")
    assert arranged(ROWS, Sort("", falling=True), KEYS) == ("e", "d", "c", "b", "a")


@given(st.dictionaries(st.text(max_size=3), st.none() | st.integers(0, 3)), st.booleans())
def test_equals_stay_as_they_come_whichever_way_round(
    rows: dict[str, int | None], falling: bool
) -> None:
    order = arranged(rows, Sort("size", falling), KEYS)
    assert sorted(order) == sorted(rows)
    for value in (None, 0, 1, 2, 3):
        assert [key for key in order if rows[key] == value] == [
            key for key in rows if rows[key] == value
        ]


def test_the_same_column_again_turns_the_order_round() -> None:
    first = by("size", KEYS, Sort(""))
    assert first == Sort("size", falling=True)
    assert by("size", KEYS, first) == Sort("size")
    assert words_of(first, KEYS) == "by size"
    assert words_of(first.turned(), KEYS) == "by size, turned round"


def test_numbers_in_names_count_as_numbers() -> None:
    names = ["task-10", "Task-9", "task-09b", "2", "10", "task"]
    assert sorted(names, key=natural) == ["2", "10", "task", "Task-9", "task-09b", "task-10"]


@given(st.lists(st.text()))
def test_any_names_can_be_compared(names: list[str]) -> None:
    sorted(names, key=natural)


def test_what_nobody_knew_or_knows_moves_when_that_changes() -> None:
    key = KEYS["size"]
    assert moved(None, 3, key)
    assert moved(3, None, key)
    assert not moved(None, None, key)
    assert not moved(3, 3, key)
    assert not moved(1, 3, KEYS[""])
