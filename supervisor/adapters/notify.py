"""Calls the operator by a command of his own: a pager, a mail, a message to a phone."""

import json

from supervisor.adapters.commands import ShellCommands
from supervisor.core.message import Message
from supervisor.core.models import NotifySpec
from supervisor.ports import Errand


class CommandNotifier:
    """Implements ``Notifier``: JSON on stdin, three plain lines in ``$OVERNIGHT_MESSAGE``."""

    def __init__(self, cwd: str) -> None:
        self._cwd = cwd
        self._commands = ShellCommands()

    async def call(self, notify: NotifySpec, message: Message) -> str:
        """Return the empty string once the command has worked, else why not, in one line."""
        errand = Errand(
            command=notify.run,
            timeout_s=notify.timeout_s,
            cwd=self._cwd,
            env={"OVERNIGHT_MESSAGE": message.text},
        )
        given = json.dumps(dict(message.document)).encode() + b"\n"
        ran = await self._commands.ask(errand, lambda _: None, given)
        return ran.cause
