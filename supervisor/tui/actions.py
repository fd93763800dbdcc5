"""Every action a key can cause; bindings, footer, palette, help and the README table come from here."""

from collections.abc import Iterable

from textual.binding import Binding

from supervisor.tui.action import Action, Scope
from supervisor.tui.container_actions import CONTAINER_ACTIONS
from supervisor.tui.keys import key_name
from supervisor.tui.log_actions import LOG_ACTIONS
from supervisor.tui.places import SCREENS
from supervisor.tui.screen_actions import SCREEN_ACTIONS
from supervisor.tui.table_actions import TABLE_ACTIONS

ACTIONS: tuple[Action, ...] = (
    *SCREEN_ACTIONS,
    *TABLE_ACTIONS,
    *CONTAINER_ACTIONS,
    *LOG_ACTIONS,
    Action(id="move(1)", keys=("down", "j"), words="down", help="One row down", scope="list"),
    Action(id="move(-1)", keys=("up", "k"), words="up", help="One row up", scope="list"),
    Action(id="page(1)", keys=("pagedown",), words="page down", help="One page down", scope="list"),
    Action(id="page(-1)", keys=("pageup",), words="page up", help="One page up", scope="list"),
    Action(
        id="edge(-1)", keys=("g", "home"), words="to the top", help="To the first row", scope="list"
    ),
    Action(
        id="edge(1)", keys=("G", "end"), words="to the end", help="To the last row", scope="list"
    ),
    Action(
        id="open",
        keys=("enter",),
        kept=("enter",),
        words="open",
        help="Open the row: a task's page, a group's tasks, an attempt's log",
        scope="list",
    ),
    Action(
        id="mark",
        keys=("space",),
        words="mark",
        help="Mark the row; keys then act on all that are marked",
        scope="list",
    ),
    *(
        Action(
            id=f"show('{place.name}')",
            keys=(place.key,),
            words=place.name,
            help=place.help,
            scope="app",
            command=place.command,
        )
        for place in SCREENS
    ),
    Action(
        id="summary",
        keys=("m",),
        command="report",
        words="summary",
        help="What happened, what failed, what limits cost, and what now",
        scope="app",
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
        kept=("ctrl+c",),
        words="leave",
        help="Leave the screen; the engine and its tasks run on",
        scope="app",
        footer=1,
    ),
)


def method_of(action: Action) -> str:
    """Return the name of the method that carries ``action`` out."""
    return f"action_{action.id.partition('(')[0]}"


def keys_of(action: Action, *, ascii_only: bool = False) -> str:
    """Return all keys of ``action`` as people write them."""
    return " ".join(key_name(key, ascii_only=ascii_only) for key in action.keys)


def here(place: str, actions: Iterable[Action] = ACTIONS) -> tuple[Action, ...]:
    """Return which of ``actions`` keys can mean on the screen called ``place``."""
    return tuple(action for action in actions if not action.only or place in action.only)


def unbound(action: Action) -> str:
    """Return a key that no terminal has; what has no key is bound to it, for a keymap to change."""
    return f"unbound.{action.id}"


def bindings(scope: Scope, place: str = SCREENS[0].name) -> list[Binding]:
    """Return the bindings of one scope, for the class that has its actions.

    Each has its action's id, by which Textual's keymap finds it, but for the keys that are kept.
    """
    return [
        Binding(
            key,
            action.id,
            action.words,
            show=False,
            priority=key == "ctrl+c",
            id=None if key in action.kept else action.id,
        )
        for action in here(place)
        if action.scope == scope
        for key in action.keys or (unbound(action),)
    ]


def key_table() -> str:
    """Return the table of keys as README shows it, in Markdown."""
    rows = [
        f"| {' '.join(f'`{key_name(key)}`' for key in action.keys)} | {action.words}"
        f" | {action.help} | {f'`overnight {action.command}`' if action.command else ''} |"
        for action in ACTIONS
    ]
    head = "| keys | action | what it does | from the shell |"
    return "\n".join([head, "|---|---|---|---|", *rows])
