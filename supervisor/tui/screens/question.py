"""What lies over the screen until it is answered."""

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen
from typing_extensions import override


class Question(ModalScreen[str]):
    """Is answered once. A key that was pressed again before it had gone is no answer to anything."""

    @override
    def dismiss(self, result: str | None = None) -> AwaitComplete:
        """Answer and go, unless that has happened, or another question lies above."""
        if not self.is_active:
            return AwaitComplete()
        return super().dismiss(result)
