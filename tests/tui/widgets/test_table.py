from collections.abc import Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from supervisor.core.query import Field, Fields, parse
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.order import Sort, SortKey, SortKeys
from supervisor.tui.rows import Cell, Column
from supervisor.tui.widgets.table import ALL, Table
from tests.tui.widgets.lists import shown, staged


@dataclass(frozen=True, slots=True, kw_only=True)
class Pot:
    """A row."""

    name: str
    lids: int = 0
    bought_at: float | None = None


FIELDS: Fields[Pot] = Fields(
    by_name=MappingProxyType(
        {
            "lids": Field(help="", value=lambda pot: pot.lids, kind="number"),
            "age": Field(help="", value=lambda pot: pot.bought_at, kind="age"),
        }
    ),
    words=lambda pot: pot.name,
)


class Pots(Table[Pot]):
    """Name and lids."""

    KEYS: ClassVar[SortKeys[Pot]] = MappingProxyType(
        {
            "name": SortKey(words="by name", value=lambda pot: pot.name),
            "lids": SortKey(words="by lids", value=lambda pot: pot.lids, falling=True),
        }
    )
    FIRST = Sort("name")
    NOUN = "pot"

    def fields(self) -> Fields[Pot]:
        return FIELDS

    def columns(self, width: int) -> Sequence[Column]:
        return (Column("name", 8), Column("lids", 5, "right"), Column("", 3))

    def cells_of(self, row: Pot, columns: Sequence[Column]) -> tuple[Cell, ...]:
        return ((row.name.ljust(9), ""), (f"{row.lids:5} ", ""))


def pots(*lids: int) -> dict[str, Pot]:
    return {f"p{n}": Pot(name=f"p{n}", lids=many) for n, many in enumerate(lids)}


def table(*lids: int) -> Pots:
    made = Pots(UNICODE)
    made.take(pots(*lids))
    return made


async def test_a_click_on_a_name_orders_by_it_and_another_turns_it_round() -> None:
    shelf = table(1, 3, 2)
    async with staged(shelf) as pilot:
        assert shown(shelf)[1] == " name↑     lids"
        await pilot.click(shelf, offset=(12, 1))
        assert shelf.keys == ("p1", "p2", "p0")
        assert shown(shelf)[1] == " name      lids↓"
        await pilot.click(shelf, offset=(12, 1))
        assert shelf.sort == Sort("lids")
        assert "by lids, turned" in shown(shelf)[0]
        await pilot.click(shelf, offset=(17, 1))
        await pilot.click(shelf, offset=(39, 1))
        assert shelf.sort == Sort("lids")
        await pilot.click(shelf, offset=(3, 1))
        await pilot.click(shelf, offset=(3, 3))
        assert (shelf.sort, shelf.key) == (Sort("name"), "p1")


async def test_the_filter_and_its_count_stay_visible() -> None:
    shelf = table(*range(12))
    async with staged(shelf) as pilot:
        shelf.wanted = parse("lids>8", FIELDS)
        await pilot.pause()
        assert shown(shelf)[0].startswith("─ Pots 3 of 12 · /lids>8 · by name")
        shelf.wanted = parse("lids>8 " + "-xyzzy " * 9, FIELDS)
        assert "Pots 3 of 12 · /lids>8 -xyzzy -xyzz…" in shown(shelf)[0]
        await pilot.press("space")
        assert "Pots 3 of 12 · /lids>8 -… · 1 marked" in shown(shelf)[0]
        shelf.wanted = parse("lids>80", FIELDS)
        assert shown(shelf)[2] == "  no pot matches /lids>80; Esc shows all"
        shelf.wanted = ALL
        assert shown(shelf)[0].startswith("─ Pots 12 · 1 marked · by name")


async def test_marks_outlive_filters_and_those_not_listed_are_counted() -> None:
    shelf = table(*range(12))
    async with staged(shelf) as pilot:
        await pilot.press("space", "space")
        shelf.wanted = parse("lids>0", FIELDS)
        await pilot.pause()
        assert "/lids>0 · 2 marked" in shown(shelf)[0]
        shelf.styles.width = 60
        await pilot.pause()
        assert "2 marked · 1 of them hidden" in shown(shelf)[0]
        assert [pot.name for pot in shelf.chosen] == ["p0", "p1"]
        shelf.mark_range()
        assert "marking a range" in shown(shelf)[0]
        shelf.unmark()
        assert [pot.name for pot in shelf.chosen] == [shelf.key]


async def test_rows_are_put_in_order_anew_only_where_a_place_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shelf = table(1, 3, 2)
    async with staged(shelf):
        settled: list[int] = []
        monkeypatch.setattr(shelf, "settle", lambda: settled.append(1))
        shelf.take({**shelf.rows, "p0": replace(shelf.rows["p0"], lids=9)})
        assert settled == []
        shelf.wanted = parse("lids>5", FIELDS)
        settled.clear()
        shelf.take({**shelf.rows, "p0": replace(shelf.rows["p0"], lids=8)})
        assert settled == []
        shelf.take({**shelf.rows, "p1": replace(shelf.rows["p1"], lids=8)})
        assert settled == [1]
        shelf.take({**shelf.rows, "p9": Pot(name="p9")})
        assert settled == [1, 1]


async def test_time_lets_rows_come() -> None:
    shelf = Pots(UNICODE)
    shelf.take({"a": Pot(name="a", bought_at=0.0), "b": Pot(name="b", bought_at=100.0)})
    async with staged(shelf):
        shelf.wanted = parse("age>1m", FIELDS)
        shelf.tick = 70.0
        assert shelf.keys == ("a",)
        shelf.tick = 170.0
        assert shelf.keys == ("a", "b")
        shelf.wanted = ALL
        shelf.tick = 171.0
        assert shelf.row_here == shelf.rows["a"]


async def test_cursor_and_scroll_stay_with_the_row_while_others_overtake_it() -> None:
    shelf = table(*range(50))
    async with staged(shelf) as pilot:
        shelf.sort = Sort("lids", falling=True)
        shelf.go_to(25)
        await pilot.pause()
        key, place = shelf.key, shelf.cursor - shelf.top
        for beat in range(5):
            rows: dict[str, Any] = dict(shelf.rows)
            for at in range(beat, 20, 3):
                rows[f"p{at}"] = replace(rows[f"p{at}"], lids=100 + at * beat)
            shelf.take(rows)
            await pilot.pause()
            assert (shelf.key, shelf.cursor - shelf.top) == (key, place)


def test_one_that_went_leaves_a_blank_line() -> None:
    shelf = table(1)
    assert shelf.row("gone", 30) == ()
    assert shelf.nothing() == ""
