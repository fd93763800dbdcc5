"""Puts questions and wishes of a screen; what comes of them goes on as messages."""

from collections.abc import Callable, Sequence

from textual.message import Message

from supervisor.core.intents import Intent
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.messages import Asked, Said, Wanted
from supervisor.tui.screens.dialog import Dialog, Option, Text


class Asker:
    """Turns answers into intents; messages go to ``post``."""

    def __init__(self, glyphs: Glyphs, post: Callable[[Message], object]) -> None:
        self.glyphs = glyphs
        self.post = post

    def want(self, intent: Intent) -> None:
        """Hand an intent to the engine."""
        self.post(Wanted(intent))

    def refuse(self, why: str) -> None:
        """Say why nothing is done."""
        self.post(Said(why, bad=True))

    def ask(
        self,
        title: str,
        text: Sequence[Text],
        options: Sequence[Option],
        answered: Callable[[str], None],
    ) -> None:
        """Put a question; ``answered`` is called with a value, and not at all for Esc."""

        def heard(value: str | None) -> None:
            if value:
                answered(value)

        self.post(Asked(Dialog(self.glyphs, title, text, options), heard))
