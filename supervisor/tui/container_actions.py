"""The actions of the screen of containers alone."""

from supervisor.tui.action import Action

CONTAINER_ACTIONS: tuple[Action, ...] = (
    Action(
        id="kill_containers",
        keys=("K",),
        command="kill-container",
        words="kill containers",
        help="Save what explains them, then end the row's container or the marked ones; asks",
        scope="screen",
        only=("containers",),
        footer=2,
        changes=True,
    ),
    Action(
        id="inspect",
        keys=("i",),
        words="inspect",
        help="All that is known of the container, or its output again",
        scope="screen",
        only=("containers",),
        footer=4,
    ),
)
