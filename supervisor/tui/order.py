"""In what order a table shows its rows: by a column, either way, and equals as they come."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import itemgetter
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


SortKeys = Mapping[str, SortKey[Row]]
"""By column; the column of no name stands for the rows as they come."""


def by(column: str, keys: SortKeys[Row], now: Sort) -> Sort:
    """Return the order by ``column``: as that is usual, or turned round if it is so already."""
    return now.turned() if now.column == column else Sort(column, keys[column].falling)


def words_of(sort: Sort, keys: SortKeys[Row]) -> str:
    """Return an order in words."""
    key = keys[sort.column]
    return key.words if sort.falling is key.falling else f"{key.words}, turned round"


def arranged(rows: Mapping[str, Row], sort: Sort, keys: SortKeys[Row]) -> tuple[str, ...]:
    """Return the keys of ``rows`` in order."""
    value = keys[sort.column].value
    if value is None:
        return tuple(rows)[:: -1 if sort.falling else 1]
    told: list[tuple[str, Any]] = []
    untold: list[str] = []
    for key, row in rows.items():
        found = value(row)
        if found is None:
            untold.append(key)
        else:
            told.append((key, found))
    told.sort(key=itemgetter(1), reverse=sort.falling)
    return (*(key for key, _ in told), *untold)


def natural(name: str) -> tuple[Any, ...]:
    """Return what orders names as people do: ``task-9`` before ``task-10``."""
    parts = _DIGITS.split(name.lower())
    return tuple(
        (len(part.lstrip("0")), part.lstrip("0")) if at % 2 else part
        for at, part in enumerate(parts)
    )
