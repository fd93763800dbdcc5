"""The actions of the screen of a log alone."""

from supervisor.tui.action import Action

LOG_ACTIONS: tuple[Action, ...] = (
    Action(
        id="found(1)",
        keys=("n",),
        words="next found",
        help="The next line found, or that proves the cause",
        scope="screen",
        only=("log",),
        footer=2,
    ),
    Action(
        id="found(-1)",
        keys=("N",),
        words="previous found",
        help="The line found before",
        scope="screen",
        only=("log",),
    ),
    Action(
        id="sift",
        keys=("ampersand",),
        words="only found",
        help="Show only the lines that have some words; again: all lines around the one read",
        scope="screen",
        only=("log",),
        footer=2,
    ),
    Action(
        id="attempt(-1)",
        keys=("left_square_bracket",),
        words="earlier attempt",
        help="The attempt before this one",
        scope="screen",
        only=("log",),
        footer=2,
    ),
    Action(
        id="attempt(1)",
        keys=("right_square_bracket",),
        words="later attempt",
        help="The attempt after this one",
        scope="screen",
        only=("log",),
    ),
    Action(
        id="wrap",
        keys=("W",),
        words="wrap",
        help="Wrap long lines, or cut them at the edge",
        scope="screen",
        only=("log",),
        footer=2,
    ),
    Action(
        id="slide(1)",
        keys=("right",),
        words="to the right",
        help="Move cut lines to see what follows",
        scope="screen",
        only=("log",),
    ),
    Action(
        id="slide(-1)",
        keys=("left",),
        words="to the left",
        help="Move them back",
        scope="screen",
        only=("log",),
    ),
)
