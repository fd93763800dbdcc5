"""Screens whose keys act on the group and tasks under the cursor."""

from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.reactive import var
from textual.screen import Screen

from supervisor.core.board import EMPTY, Board, GroupRow, TaskRow
from supervisor.tui.action import Action
from supervisor.tui.actions import method_of
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import READ_ONLY, PageOpened, Said
from supervisor.tui.settings import Settings
from supervisor.tui.widgets.lines import LOOK_CLASSES

if TYPE_CHECKING:
    from supervisor.tui.helm import Helm

_SETTLED_S = 0.5
"""After this time the first picture is there, with its log."""


class SteeringScreen(Screen[None]):
    """Tells the helm what is under the cursor; a subclass says what that is."""

    COMPONENT_CLASSES = LOOK_CLASSES
    PLACE: ClassVar[str] = ""
    """Its name among the screens."""
    settings: Settings = Settings()
    """The operator's; set before it is composed."""

    board: var[Board] = var(EMPTY, init=False)
    tick: var[float] = var(0.0, init=False)

    def __init__(self, glyphs: Glyphs, *, read_only: bool = False) -> None:
        super().__init__()
        self.read_only = read_only
        self.glyphs = glyphs
        self.set_class(glyphs.ascii_only, "-ascii")
        if read_only:
            for action in self.actions_here():
                if action.changes:
                    setattr(self, method_of(action), self._refuse)

    def _refuse(self, *_: object) -> None:
        """Say at once why a key does nothing, before any question is put."""
        self.post_message(Said(READ_ONLY, bad=True))

    def on_mount(self) -> None:
        """Load the helm before a key needs it, or an upgrade replaces its files."""
        self.set_timer(_SETTLED_S, lambda: self.helm)

    @cached_property
    def helm(self) -> "Helm":
        """What acts; made after the first picture, for intents and dialogs take time to load."""
        from supervisor.tui.helm import Helm

        return Helm(self.glyphs, self.post_message)

    def row_here(self) -> TaskRow | None:
        """Return the one task under the cursor."""
        raise NotImplementedError

    def rows_here(self) -> tuple[TaskRow, ...]:
        """Return the tasks that an action on tasks is about."""
        raise NotImplementedError

    def seen_here(self) -> frozenset[str]:
        """Return the names of the tasks that are on the screen, and so need not be told."""
        row = self.row_here()
        return frozenset((row.task,)) if row is not None else frozenset()

    def group_here(self) -> GroupRow | None:
        """Return the group that an action on a group is about."""
        raise NotImplementedError

    def action_help(self) -> None:
        """Show every key that does something here."""
        self.helm.help(self.actions_here())

    def action_palette(self) -> None:
        """Show every action by name, and do the one that is picked."""
        self.helm.offer(self.allowed_here(), lambda name: self.perform(name or ""))

    def actions_here(self) -> list[Action]:
        """Return what can be done on this screen."""
        return [
            action
            for action in self.settings.keymap.here(self.PLACE)
            if action.scope != "screen" or hasattr(self, method_of(action))
        ]

    def allowed_here(self) -> list[Action]:
        """Return what whoever sits here may do on this screen."""
        return [one for one in self.actions_here() if not (self.read_only and one.changes)]

    def perform(self, name: str) -> None:
        """Do an action of this screen by its id; others do nothing."""
        action = next((one for one in self.allowed_here() if one.id == name), None)
        if action is not None:
            place = {"app": "app", "screen": "screen", "list": "focused"}[action.scope]
            self.call_later(self.run_action, f"{place}.{action.id}")

    def action_pause_group(self) -> None:
        """Pause the group, or let it go on."""
        if (group := self.group_here()) is not None:
            self.helm.pause_group(group)

    def action_pause_batch(self) -> None:
        """Pause the batch, or let it go on."""
        self.helm.pause_batch(self.board.head)

    def action_stop_batch(self) -> None:
        """Ask how to end the engine, and do it."""
        self.helm.stop_batch(self.board.head)

    def action_more(self) -> None:
        """Run one more of the group at once."""
        if (group := self.group_here()) is not None:
            self.helm.change_parallel(group, 1, self.tick)

    def action_fewer(self) -> None:
        """Run one fewer of the group at once."""
        if (group := self.group_here()) is not None:
            self.helm.change_parallel(group, -1, self.tick)

    def action_parallel(self) -> None:
        """Ask for the group's parallelism."""
        if (group := self.group_here()) is not None:
            self.helm.type_parallel(group)

    def action_freeze(self) -> None:
        """Freeze or thaw the tasks; freezing asks."""
        self.helm.freeze(self.rows_here(), self.seen_here())

    def action_stop_task(self) -> None:
        """Ask whether to run again or to cancel, and stop the tasks."""
        self.helm.stop_tasks(self.rows_here(), self.seen_here())

    def action_retry(self) -> None:
        """Run the tasks again; asks where they are many."""
        self.helm.retry(self.rows_here(), self.seen_here())

    def action_first(self) -> None:
        """Move the waiting ones to the head of the queue."""
        self.helm.first(self.rows_here(), self.seen_here())

    def action_why(self) -> None:
        """Show why the task is where it is, with all else that is known of it."""
        if (row := self.row_here()) is not None:
            self.post_message(PageOpened(row.task))

    def action_shell(self) -> None:
        """Open a shell in the task's container, else in its attempt's directory."""
        if (row := self.row_here()) is not None:
            from supervisor.tui.shells import ShellAsked

            self.post_message(ShellAsked(container=row.container, task=row.task))

    def action_advice(self) -> None:
        """Show what is advised, and do it if that is wanted."""
        self.helm.advice(self.board.head)

    def action_reload(self) -> None:
        """Show how the batch file was edited, and apply it if that is wanted."""
        self.helm.reload(self.board.head)

    def action_cure(self) -> None:
        """Show what needs the operator, and do about it what can be done from here."""
        self.helm.cure(self.board, self.tick)
