"""Longer texts for dialogs: the keys, the ways to stop, and what happened."""

import shlex
from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len

from supervisor.core.board import Board
from supervisor.tui.action import Action, Scope
from supervisor.tui.actions import keys_of
from supervisor.tui.format import age, moment, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import Link
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


def summary(board: Board, link: Link, glyphs: Glyphs) -> tuple[str, list[Text], list[Option]]:
    """Return title, text and options that answer: what happened, what failed, what now."""
    head = board.head
    counts = head.counts
    total = sum(counts.values())
    failed = [row for row in board.tasks.values() if row.phase in ("failed", "aborted")]
    took = f" in {age(head.as_of - head.started_at)}" if head.started_at else ""
    ended = moment(head.as_of, head.as_of)
    text: list[Text] = [
        f"{counts.get('succeeded', 0)} of {counted(total, 'task')} succeeded{took}, until {ended}."
    ]
    again = sum(1 for row in board.tasks.values() if row.phase == "succeeded" and row.attempt > 1)
    if again:
        text.append(f"{again} of them needed more than one attempt.")
    if cancelled := counts.get("cancelled", 0):
        text.append(f"{counted(cancelled, 'task')} cancelled.")
    left = total - sum(counts.get(phase, 0) for phase in _OVER)
    if left:
        text.append(f"{counted(left, 'task')} not finished: `overnight run` goes on with them.")
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
        if link.state == "live":
            options.append(Option(key="R", words="retry all that failed", value="retry"))
    text += ["", Styled(text="`overnight report` tells the whole night.", look="dim")]
    state = "done" if head.state == "done" else "stopped"
    title = f"{head.batch}: {state}, not all well" if failed else f"{head.batch}: {state}"
    return title, text, options
