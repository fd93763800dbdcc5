"""The failed items of a run, as they are handed on."""

from collections.abc import Iterable

from supervisor.adapters.results.bounded import told
from supervisor.core.models import FailedItem

_MOST = 1000
_TEXT = 2000
_NAME = 200


def failed_items(errors: Iterable[tuple[str, object]]) -> tuple[FailedItem, ...]:
    """Return up to 1,000 failed items of (name, error as the runner wrote it)."""
    items: list[FailedItem] = []
    for name, text in errors:
        if len(items) == _MOST:
            break
        items.append(FailedItem(id=told(name, _NAME), text=told(text, _TEXT)))
    return tuple(items)
