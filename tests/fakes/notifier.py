"""A notifier that remembers, and can be told to fail."""

from supervisor.core.message import Message
from supervisor.core.models import NotifySpec


class FakeNotifier:
    """Implements ``Notifier`` in memory."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.why_not = ""
        self.broken = False

    async def call(self, notify: NotifySpec, message: Message) -> str:
        if self.broken:
            raise OSError("no route")
        self.told.append(message.text)
        return self.why_not
