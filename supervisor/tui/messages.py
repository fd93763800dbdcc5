"""What widgets and screens ask of the program; only the program speaks to the engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from textual.message import Message

from supervisor.core.names import Stream, TaskId

if TYPE_CHECKING:
    from textual.screen import ModalScreen

    from supervisor.core.intents import Intent
    from supervisor.core.machine import Resources
    from supervisor.core.night import Timeline
    from supervisor.core.task_page import TaskPage
    from supervisor.ports import Arrival, Hits, LogWindow
    from supervisor.ports.containers import Described

READ_ONLY = "read-only: attach without --read-only to act"
"""What a reader is told who wants more."""


@dataclass
class Composed(Message):
    """The first screen has all its widgets and can take a board."""


@dataclass
class Wanted(Message):
    """The operator wants something of the batch."""

    intent: "Intent"


@dataclass
class Asked(Message):
    """A question is to be put on the screen; ``answered`` gets the answer, None for Esc."""

    dialog: "ModalScreen[Any]"
    answered: Callable[[Any], None]


@dataclass
class Said(Message):
    """Something worth a line at the bottom for a few seconds."""

    text: str
    bad: bool = False


@dataclass
class Copied(Message):
    """Text for the operator's clipboard."""

    text: str


@dataclass
class TaskOpened(Message):
    """The log of a task is wanted in full; of its newest attempt, unless one is named."""

    task: TaskId
    attempt: int | None = None


@dataclass
class PageOpened(Message):
    """All that is known of a task is wanted on a page."""

    task: TaskId


@dataclass
class PageAsked(Message):
    """A task's page is wanted; ``answer`` gets it, or nothing and why."""

    task: TaskId
    answer: Callable[["TaskPage | None", str], None]


@dataclass
class ExportWanted(Message):
    """The list of failures is wanted as a file."""


@dataclass
class NightAsked(Message):
    """The night is wanted in so many slices; ``answer`` gets it, or nothing and why."""

    slices: int
    answer: Callable[["Timeline | None", str], None]


@dataclass
class ResourcesAsked(Message):
    """What the machine has and uses is wanted; ``answer`` gets it, or nothing and why."""

    answer: Callable[["Resources | None", str], None]


@dataclass(frozen=True)
class LogAsk:
    """Which bytes of which log; negative ``offset`` counts from the end."""

    task: str
    attempt: int | None
    stream: Stream
    offset: int
    size: int


@dataclass
class LogAsked(Message):
    """A pane wants pieces of logs; ``answer`` gets them by stream, nothing if the engine is gone."""

    asks: tuple[LogAsk, ...]
    answer: Callable[[tuple[LogAsk, ...], Mapping[Stream, "LogWindow"]], None]


@dataclass
class ArrivalsAsked(Message):
    """A pane wants to know when a log grew; ``answer`` gets it, nothing if the engine is gone."""

    ask: LogAsk
    answer: Callable[[Sequence["Arrival"]], None]


@dataclass
class SearchAsked(Message):
    """A search in a log is to go on from ``ask.offset``; ``answer`` gets what it found."""

    ask: LogAsk
    text: str
    regex: bool
    answer: Callable[["Hits"], None]


@dataclass
class DescribeAsked(Message):
    """A pane wants a container in full; ``answer`` gets that, or why there is nothing to show."""

    container: str
    answer: Callable[["Described | None", str], None]
