"""The actions of screens with tables."""

from supervisor.tui.action import Action

_ON = ("overview", "containers", "failures", "resources")

TABLE_ACTIONS: tuple[Action, ...] = (
    Action(
        id="mark_shown",
        keys=("asterisk",),
        words="mark all",
        help="Mark all rows that the filter lets through, seen or not; again: none of them",
        scope="screen",
        only=_ON,
    ),
    Action(
        id="unmark",
        keys=("u",),
        words="unmark all",
        help="Take every mark away, also of rows that are not shown",
        scope="screen",
        only=_ON,
    ),
    Action(
        id="range",
        keys=("v",),
        words="mark range",
        help="Mark from here to wherever you go next; Space or v ends it",
        scope="screen",
        only=_ON,
    ),
    Action(
        id="extend(1)",
        keys=("shift+down",),
        words="mark downwards",
        help="Mark this row and the next",
        scope="screen",
        only=_ON,
    ),
    Action(
        id="extend(-1)",
        keys=("shift+up",),
        words="mark upwards",
        help="Mark this row and the one before",
        scope="screen",
        only=_ON,
    ),
)
