"""What a runner says of itself, in the words of a row."""

from supervisor.core.board import TaskRow
from supervisor.core.wording import plural
from supervisor.tui.format import left, plain
from supervisor.tui.glyphs import Glyphs

_OVER = frozenset({"succeeded", "failed", "aborted", "cancelled"})


def own_words(row: TaskRow, now: float, glyphs: Glyphs) -> list[str]:
    """Return what the runner says of itself: what it waits for, else where it is; what failed in it."""
    told = row.told
    if told is None:
        return []
    parts: list[str] = []
    if row.phase not in _OVER and told.wait is not None and told.wait.until > now:
        why = plain(told.wait.why, ascii_only=glyphs.ascii_only)
        parts.append(f"its limit {left(told.wait.until - now)}: {why}")
    elif row.phase not in _OVER and told.item:
        parts.append(f"at {plain(told.item, ascii_only=glyphs.ascii_only)}")
    if told.done is not None:
        parts.append(f"{told.done} done")
    if told.errors:
        parts.append(f"{plural(told.errors, 'item')} failed")
    return parts
