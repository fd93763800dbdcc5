"""Every action a key can cause; bindings, footer, palette, help and the README table come from here."""

from textual.binding import Binding

from supervisor.tui.action import Action, Scope
from supervisor.tui.container_actions import CONTAINER_ACTIONS
from supervisor.tui.keys import key_name
from supervisor.tui.log_actions import LOG_ACTIONS
from supervisor.tui.places import SCREENS
from supervisor.tui.screen_actions import SCREEN_ACTIONS

ACTIONS: tuple[Action, ...] = (
    *SCREEN_ACTIONS,
    *CONTAINER_ACTIONS,
    *LOG_ACTIONS,
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
)


def method_of(action: Action) -> str:
    """Return the name of the method that carries ``action`` out."""
    return f"action_{action.id.partition('(')[0]}"


def keys_of(action: Action, *, ascii_only: bool = False) -> str:
    """Return all keys of ``action`` as people write them."""
    return " ".join(key_name(key, ascii_only=ascii_only) for key in action.keys)


def here(place: str) -> tuple[Action, ...]:
    """Return the actions that keys can mean on the screen called ``place``."""
    return tuple(action for action in ACTIONS if not action.only or place in action.only)


def bindings(scope: Scope, place: str = SCREENS[0].name) -> list[Binding]:
    """Return the bindings of one scope, for the class that has its actions."""
    return [
        Binding(key, action.id, action.words, show=False, priority=key == "ctrl+c")
        for action in here(place)
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
