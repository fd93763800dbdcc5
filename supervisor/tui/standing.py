"""Notices that stand below all others: what is wrong with the operator's files, and a first hint."""

from supervisor.tui.format import plain
from supervisor.tui.keymap import Keymap
from supervisor.tui.notices import Notice
from supervisor.tui.settings import Settings


def standing(settings: Settings) -> tuple[Notice, ...]:
    """Return at most one line of each kind."""
    found: list[Notice] = []
    if settings.complaints:
        more = len(settings.complaints) - 1
        rest = f"{more} more: " if more else ""
        words = f"{_short(plain(settings.complaints[0]))} ({rest}overnight doctor)"
        found.append(Notice("FILES", "warn", words))
    if settings.newcomer:
        found.append(Notice("NEW HERE", "title", _hint(settings.keymap), key="?"))
    return tuple(found)


def _hint(keymap: Keymap) -> str:
    known = (
        (keymap.key("help"), "all keys"),
        (keymap.key("palette"), "any command by name"),
        (keymap.key("leave"), "leaves, and the batch runs on"),
    )
    return ", ".join(f"{key} {words}" for key, words in known if key)


def _short(complaint: str) -> str:
    """Return a complaint with its file's name alone: one line must do, and doctor has the rest."""
    file, colon, words = complaint.partition(":")
    return f"{file.rpartition('/')[2]}{colon}{words}"
