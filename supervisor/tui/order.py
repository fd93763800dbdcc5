"""In what order a table shows its rows: by a column, either way, and equals as they come."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import eq, itemgetter
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
_DIGITS = re.compile(r"([0-9]+)")


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that decides, and whether its largest comes first."""

    column: str
    falling: bool = False

    def turned(self) -> "Sort":
        """Return the same, the other way round."""
        return Sort(self.column, not self.falling)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortKey(Generic[Row]):
    """What decides when rows are ordered by one column."""

    words: str
    """For a title: ``problems first``, ``by name``."""
    value: Callable[[Row], Any] | None
    """What is compared, whatever the time; None, of a row, stands last. No function: as they come."""
    falling: bool = False
    """The largest first, unless somebody wants it the other way round."""
    same: Callable[[Any, Any], bool] = eq
    """Whether two values are so near that a row keeps its place."""


SortKeys = Mapping[str, SortKey[Row]]
"""By column; the column of no name stands for the rows as they come."""


def by(column: str, keys: SortKeys[Row], now: Sort) -> Sort:
    """Return the order by ``column``: as that is usual, or turned round if it is so already."""
    return now.turned() if now.column == column else Sort(column, keys[column].falling)


def words_of(sort: Sort, keys: SortKeys[Row]) -> str:
    """Return an order in words."""
    key = keys[sort.column]
    return key.words if sort.falling is key.falling else f"{key.words}, turned round"


def placed(
    rows: Mapping[str, Row], key: SortKey[Row], before: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Return by what each row is placed: what it was ``before``, where it is still much the same."""
    value, same = key.value, key.same
    if value is None:
        return {name: at for at, name in enumerate(rows)}
    found = {name: value(row) for name, row in rows.items()}
    if same is not eq:
        for name, now in found.items():
            old = before.get(name)
            if old is not None and now is not None and same(old, now):
                found[name] = old
    return found


def moved(before: Any, row: Row, key: SortKey[Row]) -> bool:
    """Return whether ``row`` may no longer be placed by what it was ``before``."""
    if key.value is None:
        return False
    now = key.value(row)
    if before is None or now is None:
        return before is not now
    return not key.same(before, now)


def in_order(places: Mapping[str, Any], *, falling: bool) -> tuple[str, ...]:
    """Return the keys by their places, those without any last, equals as they come."""
    told = [item for item in places.items() if item[1] is not None]
    told.sort(key=itemgetter(1), reverse=falling)
    return (*(key for key, _ in told), *(key for key, at in places.items() if at is None))


def arranged(rows: Mapping[str, Row], sort: Sort, keys: SortKeys[Row]) -> tuple[str, ...]:
    """Return the keys of ``rows`` in order."""
    return in_order(placed(rows, keys[sort.column], {}), falling=sort.falling)


@lru_cache(maxsize=16384)
def natural(name: str) -> tuple[Any, ...]:
    """Return what orders names as people do: ``task-9`` before ``task-10``."""
    parts = _DIGITS.split(name.lower())
    return tuple(
        (len(part.lstrip("0")), part.lstrip("0")) if at % 2 else part
        for at, part in enumerate(parts)
    )
