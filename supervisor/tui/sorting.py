"""The question by which column a table is put in order."""

from typing import Any

from supervisor.tui.order import Sort, SortKeys, by, words_of
from supervisor.tui.screens.dialog import Option

_KEYS = "1234567890"
_TURN = "s"


def options(now: Sort, keys: SortKeys[Any]) -> tuple[Option, ...]:
    """Return an answer for each column, and one that turns the order round."""
    turned = Option(key=_TURN, words=f"turn round what is now {words_of(now, keys)}", value=_TURN)
    columns = zip(_KEYS, keys.items(), strict=False)
    return (
        turned,
        *(
            Option(
                key=key, words=f"{one.words}{'  (now)' if name == now.column else ''}", value=key
            )
            for key, (name, one) in columns
        ),
    )


def picked(value: str, now: Sort, keys: SortKeys[Any]) -> Sort:
    """Return the order that an answer means."""
    if value == _TURN:
        return now.turned()
    return by(list(keys)[_KEYS.index(value)], keys, now)
