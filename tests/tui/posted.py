"""What a helm posted, for tests without a screen."""

from typing import TYPE_CHECKING

from supervisor.tui.messages import Asked, Copied, Said, Wanted

if TYPE_CHECKING:
    from textual.message import Message


class Posts:
    """Hears messages; questions wait for an answer."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def last(self) -> object:
        """Return the last intent, or the last words."""
        message = self.messages[-1]
        assert isinstance(message, Wanted | Said | Copied)
        return message.intent if isinstance(message, Wanted) else message.text

    def asked(self) -> Asked:
        """Return the question that was asked last."""
        return next(item for item in reversed(self.messages) if isinstance(item, Asked))

    def answer(self, value: str | None) -> None:
        """Answer it."""
        self.asked().answered(value)

    def told(self) -> list[str]:
        """Return the lines of that question."""
        text = self.asked().dialog._paragraphs  # type: ignore[attr-defined]
        return [one if isinstance(one, str) else one.text for one in text]
