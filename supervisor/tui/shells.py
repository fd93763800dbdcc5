"""A shell where a task works, on the terminal that the screen lends."""

import os
import shutil
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual import work
from textual.app import SuspendNotSupported
from textual.message import Message

from supervisor.core.names import TaskId
from supervisor.ports import SupervisorError
from supervisor.tui.format import plain
from supervisor.tui.outside import OutsideApp

if TYPE_CHECKING:
    from supervisor.core.task_page import TaskPage

_ENGINES = ("docker", "podman")
_IN_CONTAINER = 'exec "$(command -v bash || command -v sh)"'


@dataclass
class ShellAsked(Message):
    """A shell is wanted in a running container, else in the directory of a task's attempt."""

    container: str | None = None
    """Its name or id."""
    task: TaskId | None = None
    attempt: int | None = None
    """None: the newest."""


class ShellApp(OutsideApp, inherit_bindings=False):
    """Lends the terminal to shells."""

    @work(group="program", exclusive=True)
    async def on_shell_asked(self, message: ShellAsked) -> None:
        """Open the shell, and come back when it ends."""
        from supervisor.tui.programs import run

        try:
            if message.container is not None:
                words = in_container(message.container, os.environ)
            elif message.task is not None:
                page = await self._engine.task(message.task)
                words = in_directory(page, message.attempt, os.environ)
            else:
                return
            with self.suspend():
                trouble = run(words, tell_code=message.container is not None)
        except SuspendNotSupported:
            trouble = "this terminal cannot be lent to a shell"
        except (ValueError, OSError, SupervisorError) as error:
            trouble = f"no shell: {error}"
        if trouble:
            self._say(trouble, bad=True)


def in_container(container: str, environ: Mapping[str, str]) -> list[str]:
    """Return what opens a shell in a container, through the engine's own command line.

    Raises:
        ValueError: there is no such command line here.
    """
    for name in _ENGINES:
        if (program := shutil.which(name, path=environ.get("PATH"))) is not None:
            return [program, "exec", "-it", container, "sh", "-c", _IN_CONTAINER]
    raise ValueError(f"neither {' nor '.join(_ENGINES)} is installed here")


def in_directory(page: "TaskPage", attempt: int | None, environ: Mapping[str, str]) -> list[str]:
    """Return what opens a shell in an attempt's directory; before the first, where it will run.

    Raises:
        ValueError: the task runs on another machine, or the directory is gone.
    """
    if page.host != socket.gethostname():
        raise ValueError(f"{page.task} runs on {page.host}, and this screen does not: use ssh")
    place = page.attempt_directory or page.cwd
    if attempt is not None and page.attempt_directory:
        place = f"{page.directory}/attempt-{attempt}"
    if not Path(place).is_dir():
        raise ValueError(f"there is no {place}")
    told = f"{page.task}, attempt directory; exit goes back to the screen"
    shell = environ.get("SHELL") or "/bin/sh"
    script = 'cd -- "$1" && printf "%s\\n" "$2" && exec "$3"'
    return ["/bin/sh", "-c", script, "sh", place, plain(told), shell]
