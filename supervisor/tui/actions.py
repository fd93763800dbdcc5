"""Every action a key can cause; bindings, footer, palette, help and the README table come from here."""

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding

from supervisor.tui.keys import key_name
from supervisor.tui.places import SCREENS

Scope = Literal["app", "screen", "list"]
"""Who carries it out: the program, the screen, or the list or text that has the keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do, and the keys for it (as Textual names them)."""

    id: str
    keys: tuple[str, ...]
    words: str
    """For the footer and the palette."""
    help: str
    scope: Scope
    footer: int = 0
    """Place in the footer, the smallest first; 0: not there."""
    changes: bool = False
    """Acts on the batch; refused to a reader."""


ACTIONS: tuple[Action, ...] = (
    Action(
        id="pause_group",
        keys=("p",),
        words="pause",
        help="Pause the row's group, or let it go on",
        scope="screen",
        footer=3,
        changes=True,
    ),
    Action(
        id="more",
        keys=("plus", "equals_sign"),
        words="one more",
        help="Raise the parallelism of the row's group by one",
        scope="screen",
        footer=4,
        changes=True,
    ),
    Action(
        id="fewer",
        keys=("minus",),
        words="one fewer",
        help="Lower it by one; kills nothing",
        scope="screen",
        footer=5,
        changes=True,
    ),
    Action(
        id="parallel",
        keys=(),
        words="set parallelism",
        help="Type the parallelism of the row's group",
        scope="screen",
        changes=True,
    ),
    Action(
        id="pause_batch",
        keys=("P",),
        words="pause batch",
        help="Pause the whole batch, or let it go on",
        scope="screen",
        changes=True,
    ),
    Action(
        id="freeze",
        keys=("z",),
        words="freeze",
        help="Stop tasks in mid-run, or let frozen ones run on",
        scope="screen",
        changes=True,
    ),
    Action(
        id="stop_task",
        keys=("K",),
        words="stop task",
        help="End a task, to run again or for good; asks first",
        scope="screen",
        footer=6,
        changes=True,
    ),
    Action(
        id="retry",
        keys=("r",),
        words="retry",
        help="Run again: the row, the marked ones, or the group's failed",
        scope="screen",
        footer=7,
        changes=True,
    ),
    Action(
        id="first",
        keys=(),
        words="run first",
        help="Move waiting tasks to the head of their group's queue",
        scope="screen",
        changes=True,
    ),
    Action(
        id="cure",
        keys=("exclamation_mark",),
        words="cure",
        help="What needs you or is on hold; refresh or release a limit",
        scope="screen",
        footer=2,
    ),
    Action(
        id="why",
        keys=("w",),
        words="why",
        help="Why the task is where it is, and what was decided",
        scope="screen",
        footer=8,
    ),
    Action(
        id="log",
        keys=("l",),
        words="log",
        help="The log of the task in full height, and back",
        scope="screen",
        footer=9,
    ),
    Action(
        id="follow",
        keys=("f",),
        words="follow",
        help="Follow the end of the log, or stay where you read",
        scope="screen",
    ),
    Action(
        id="stream",
        keys=("o",),
        words="stdout/stderr",
        help="Show the task's other stream",
        scope="screen",
    ),
    Action(
        id="filter",
        keys=("slash",),
        words="filter",
        help="Show only tasks in which some words occur",
        scope="screen",
        footer=10,
    ),
    Action(
        id="sort",
        keys=("s",),
        words="sort",
        help="Problems first, as in the batch file, by name, by age",
        scope="screen",
    ),
    Action(
        id="copy",
        keys=("y",),
        words="copy",
        help="Copy the row's name, or the log that is visible",
        scope="screen",
    ),
    Action(
        id="export",
        keys=("e",),
        words="export",
        help="Write the list of failures to a file",
        scope="screen",
        footer=9,
    ),
    Action(
        id="pane(1)",
        keys=("tab",),
        words="next pane",
        help="Groups, tasks, log",
        scope="screen",
    ),
    Action(
        id="pane(-1)",
        keys=("shift+tab",),
        words="previous pane",
        help="Log, tasks, groups",
        scope="screen",
    ),
    Action(
        id="back",
        keys=("escape",),
        words="back",
        help="Leave the full log; drop the filter, then the marks",
        scope="screen",
    ),
    Action(id="move(1)", keys=("down", "j"), words="down", help="One row down", scope="list"),
    Action(id="move(-1)", keys=("up", "k"), words="up", help="One row up", scope="list"),
    Action(id="page(1)", keys=("pagedown",), words="", help="One page down", scope="list"),
    Action(id="page(-1)", keys=("pageup",), words="", help="One page up", scope="list"),
    Action(id="edge(-1)", keys=("g", "home"), words="", help="To the first row", scope="list"),
    Action(id="edge(1)", keys=("G", "end"), words="", help="To the last row", scope="list"),
    Action(id="open", keys=("enter",), words="open", help="Open the row's log", scope="list"),
    Action(
        id="mark",
        keys=("space",),
        words="mark",
        help="Mark the row; keys then act on all that are marked",
        scope="list",
    ),
    Action(
        id="palette",
        keys=("colon", "ctrl+p"),
        words="commands",
        help="Find any of these by name",
        scope="screen",
    ),
    Action(
        id="help",
        keys=("question_mark",),
        words="help",
        help="This page",
        scope="screen",
        footer=1,
    ),
    *(
        Action(
            id=f"show('{place.name}')",
            keys=(place.key,),
            words=place.name,
            help=place.help,
            scope="app",
        )
        for place in SCREENS
    ),
    Action(
        id="theme",
        keys=("t",),
        words="theme",
        help="The next colour theme",
        scope="app",
    ),
    Action(
        id="redraw",
        keys=("ctrl+l",),
        words="redraw",
        help="Draw the whole screen again",
        scope="app",
    ),
    Action(
        id="suspend_process",
        keys=("ctrl+z",),
        words="suspend",
        help="Back to the shell; fg returns to this screen",
        scope="app",
    ),
    Action(
        id="leave",
        keys=("q", "ctrl+c"),
        words="leave",
        help="Leave the screen; the engine and its tasks run on",
        scope="app",
        footer=1,
    ),
    Action(
        id="stop_batch",
        keys=("Q",),
        words="stop batch",
        help="End the engine: three ways, asks first",
        scope="screen",
        changes=True,
    ),
)


def method_of(action: Action) -> str:
    """Return the name of the method that carries ``action`` out."""
    return f"action_{action.id.partition('(')[0]}"


def keys_of(action: Action, *, ascii_only: bool = False) -> str:
    """Return all keys of ``action`` as people write them."""
    return " ".join(key_name(key, ascii_only=ascii_only) for key in action.keys)


def bindings(scope: Scope) -> list[Binding]:
    """Return the bindings of one scope, for the class that has its actions."""
    return [
        Binding(key, action.id, action.words, show=False, priority=key == "ctrl+c")
        for action in ACTIONS
        if action.scope == scope
        for key in action.keys
    ]


def key_table() -> str:
    """Return the table of keys as README shows it, in Markdown."""
    rows = [
        f"| {' '.join(f'`{key_name(key)}`' for key in action.keys)} | {action.help} |"
        for action in ACTIONS
        if action.keys
    ]
    return "\n".join(["| keys | what they do |", "|---|---|", *rows])
