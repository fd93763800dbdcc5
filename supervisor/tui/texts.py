"""Longer texts for dialogs: the keys, the ways to stop, and what happened."""

from collections import Counter

from rich.cells import cell_len

from supervisor.core.board import Board
from supervisor.tui.actions import ACTIONS, Scope, keys_of
from supervisor.tui.format import age, moment
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.screens.dialog import Option, Styled, Text
from supervisor.tui.steering import counted

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


def help_text(glyphs: Glyphs) -> list[Text]:
    """Return a line for each action that has a key."""
    text: list[Text] = []
    for scope, title in _PLACES:
        heading = Styled(text=title, look="title-focus")
        text += ["", heading] if text else [heading]
        for action in ACTIONS:
            if action.scope == scope and action.keys:
                keys = keys_of(action, ascii_only=glyphs.ascii_only)
                keys = " " * max(0, _KEYS_CELLS - cell_len(keys)) + keys
                text.append(Styled(text=f"{keys}  {action.help}", hang=_KEYS_CELLS + 2))
    return text


def summary(board: Board, glyphs: Glyphs) -> tuple[str, list[Text], list[Option]]:
    """Return title, text and options that answer: what happened, what failed, what now."""
    head = board.head
    counts = head.counts
    total = sum(counts.values())
    failed = [row for row in board.tasks.values() if row.phase in ("failed", "aborted")]
    took = f" in {age(head.as_of - head.started_at)}" if head.started_at else ""
    ended = f" at {moment(head.as_of, head.as_of)}"
    text: list[Text] = [
        f"{counts.get('succeeded', 0)} of {counted(total, 'task')} succeeded{took}, done{ended}."
    ]
    again = sum(1 for row in board.tasks.values() if row.phase == "succeeded" and row.attempt > 1)
    if again:
        text.append(f"{again} of them needed more than one attempt.")
    if cancelled := counts.get("cancelled", 0):
        text.append(f"{counted(cancelled, 'task')} cancelled.")
    options: list[Option] = []
    if failed:
        by_class = Counter(row.error_class or row.phase for row in failed)
        parts = ", ".join(f"{number} {name}" for name, number in by_class.most_common())
        text += ["", Styled(text=f"{len(failed)} did not succeed: {parts}", look="bad")]
        for row in failed[:_MOST_FAILED]:
            cause = f": {row.cause}" if row.cause else ""
            line = f"{glyphs.phases[row.phase]} {row.task}{cause}"[:200]
            text.append(Styled(text=line, hang=2))
        if len(failed) > _MOST_FAILED:
            more = f"and {len(failed) - _MOST_FAILED} more; overnight failed lists them"
            text.append(Styled(text=more, look="dim"))
        options.append(Option(key="r", words="retry all that failed", value="retry"))
    text += ["", Styled(text="`overnight report` tells the whole night.", look="dim")]
    options.append(Option(key="l", words="leave the screen", value="leave"))
    title = f"{head.batch}: done" if not failed else f"{head.batch}: done, not all well"
    return title, text, options
