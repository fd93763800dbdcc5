"""Longer texts for dialogs: the keys, the ways to stop, and what happened."""

import shlex
from collections.abc import Sequence

from rich.cells import cell_len

from supervisor.core.board import Board
from supervisor.tui.action import Action, Scope
from supervisor.tui.actions import keys_of
from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.screens.dialog import Option, Styled, Text

STOP_OPTIONS = (
    Option(key="s", words="stop what runs; `overnight run` resumes later", value="stop", bad=True),
    Option(key="d", words="drain: start nothing, end when all that runs has ended", value="drain"),
    Option(
        key="l",
        words="end the engine only; tasks run on and are adopted later",
        value="leave",
    ),
)
_PLACES: tuple[tuple[Scope, str], ...] = (
    ("screen", "This screen"),
    ("list", "In lists and logs"),
    ("app", "Everywhere"),
)
_KEYS_CELLS = 9
_MOST_FAILED = 8
_OVER = ("succeeded", "failed", "aborted", "cancelled")


def help_text(actions: Sequence[Action], glyphs: Glyphs) -> list[Text]:
    """Return a line for each of the actions that has a key."""
    text: list[Text] = []
    for scope, title in _PLACES:
        heading = Styled(text=title, look="title-focus")
        text += ["", heading] if text else [heading]
        for action in actions:
            if action.scope == scope and action.keys:
                keys = keys_of(action, ascii_only=glyphs.ascii_only)
                keys = " " * max(0, _KEYS_CELLS - cell_len(keys)) + keys
                text.append(Styled(text=f"{keys}  {action.help}", hang=_KEYS_CELLS + 2))
    return text


def parting(board: Board, *, over: bool) -> str:
    """Return the line that stays on the terminal when the screen is left."""
    name = plain(board.head.batch)
    if not board.connected:
        return "the engine was not heard; overnight ls shows what runs"
    if not over:
        back = f"overnight attach {shlex.quote(name)}"
        return f"{name} runs on without this screen; to come back: {back}"
    counts = board.head.counts
    bad = counts.get("failed", 0) + counts.get("aborted", 0)
    good = f"{counts.get('succeeded', 0)} of {sum(counts.values())} succeeded"
    more = f", {bad} did not; overnight failed -b {shlex.quote(name)}" if bad else ""
    return f"{name} is {board.head.state}: {good}{more}"
