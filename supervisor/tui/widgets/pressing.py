"""Lines whose words do something when they are clicked."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.events import Click
from textual.message import Message

from supervisor.tui.widgets.lines import Line, Lines, cells


class Pressing(Lines):
    """A subclass says which action lies at which cell."""

    @dataclass
    class Pressed(Message):
        """An action is wanted, by its id."""

        action: str

    def action_at(self, x: int, y: int) -> str:
        """Return the id of the action at a cell; empty if there is none."""
        raise NotImplementedError

    def on_click(self, event: Click) -> None:
        """Do what is written there."""
        if action := self.action_at(event.x, event.y):
            event.stop()
            self.post_message(self.Pressed(action))


def at_cell(line: Line, actions: Sequence[str], x: int) -> str:
    """Return which of ``actions`` (one for each piece of ``line``) is that of the piece at ``x``."""
    for (text, _), action in zip(line.pieces, actions, strict=False):
        x -= cells(text)
        if x < 0:
            return action
    return ""
