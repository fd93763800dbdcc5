"""Which screens there are, and the key of each; a screen is loaded when it is first shown."""

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supervisor.tui.screens.batch import BatchScreen


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One screen of the program."""

    name: str
    key: str
    help: str
    kind: str
    """Its class, as ``module:Class`` below ``supervisor.tui.screens``."""
    command: str = ""
    """What tells the same in the shell: a command of ``overnight``."""


SCREENS: tuple[Place, ...] = (
    Place(
        name="overview",
        key="1",
        help="Groups, tasks, and the log of one of them",
        kind="overview:OverviewScreen",
        command="status",
    ),
    Place(
        name="containers",
        key="2",
        help="Containers: who works, who idles, who is dead",
        kind="containers:ContainersScreen",
        command="containers",
    ),
    Place(
        name="failures",
        key="3",
        help="What failed, by class and similar cause",
        kind="failures:FailuresScreen",
        command="failed",
    ),
    Place(
        name="timeline",
        key="4",
        help="The night over time: what ran, what held, and every incident",
        kind="timeline:TimelineScreen",
        command="report",
    ),
    Place(
        name="log",
        key="5",
        help="The log of the row's task, whole: read, search, follow",
        kind="log:LogScreen",
        command="logs",
    ),
    Place(
        name="resources",
        key="6",
        help="The machine: CPU, memory, disks, GPUs, and what running tasks use",
        kind="resources:ResourcesScreen",
    ),
)
"""In the order of their keys."""

TASK = Place(name="task", key="", help="All that is known of one task", kind="task:TaskScreen")
"""The page of one task, which is opened from its row."""


def load(place: Place) -> "type[BatchScreen]":
    """Return the class of a screen."""
    module, _, name = place.kind.partition(":")
    kind: type[BatchScreen] = getattr(import_module(f"supervisor.tui.screens.{module}"), name)
    return kind
