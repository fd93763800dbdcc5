"""What leaves the screen: logs saved as files, or opened in the operator's pager and editor."""

import os
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from textual import work
from textual.app import SuspendNotSupported
from textual.message import Message

from supervisor.ports import SupervisorError
from supervisor.tui.format import size
from supervisor.tui.log_reader import Source
from supervisor.tui.talking import TalkingApp

MOST_BYTES = 64 << 20
"""So much around the line that is read goes to a pager or editor; saving has no bound."""


@dataclass
class SaveAsked(Message):
    """A log is wanted as the file ``path``; ``lines`` (where they begin) None: all of them."""

    source: Source
    path: Path
    lines: tuple[int, ...] | None = None


@dataclass
class ProgramAsked(Message):
    """A log is wanted in another program, at the line that begins at ``here``."""

    source: Source
    here: int
    editor: bool = False


class OutsideApp(TalkingApp, inherit_bindings=False):
    """Writes files, and lends the terminal."""

    @work(group="save")
    async def on_save_asked(self, message: SaveAsked) -> None:
        """Save a log; never over another file."""
        from supervisor.tui.log_copy import LogCopy, save

        copy, path = LogCopy(self._engine, message.source), message.path
        shown = 0

        def told() -> None:
            nonlocal shown
            if (tenths := int(copy.share * 10)) > shown + (shown == 0):
                shown = tenths
                self._say(f"saving {path}: {tenths * 10} %")

        pieces = copy.pieces() if message.lines is None else copy.lines(message.lines)
        try:
            async with aclosing(pieces):
                written = await save(pieces, path, told)
        except FileExistsError:
            self._say(f"not saved: {path} exists already", bad=True)
        except OSError as error:
            self._say(f"not saved: {path}: {error.strerror}", bad=True)
        except SupervisorError as error:
            self._say(f"not saved: {error}", bad=True)
        else:
            self._say(f"saved, secrets masked: {path} ({size(written)})")

    @work(group="program", exclusive=True)
    async def on_program_asked(self, message: ProgramAsked) -> None:
        """Show a log in the operator's pager or editor, and come back."""
        import tempfile

        from supervisor.tui.programs import chosen, command, run

        try:
            words = chosen("editor" if message.editor else "pager", os.environ)
            with tempfile.TemporaryDirectory(prefix="overnight-") as folder:
                path = Path(folder) / f"{message.source.stream}.log"
                line = await self._copied(message, path)
                with self.suspend():
                    trouble = run(command(words, path, line))
        except SuspendNotSupported:
            trouble = "this terminal cannot be lent to another program"
        except (ValueError, OSError, SupervisorError) as error:
            trouble = f"not opened: {error}"
        if trouble:
            self._say(trouble, bad=True)

    async def _copied(self, message: ProgramAsked, path: Path) -> int:
        """Write what is around the line that is read; return its number in there."""
        from supervisor.tui.log_copy import LogCopy, save

        copy = LogCopy(self._engine, message.source)
        first = max(0, message.here - MOST_BYTES // 2)
        pieces = copy.pieces(first, message.here, MOST_BYTES)
        async with aclosing(pieces):
            await save(pieces, path, lambda: None)
        return copy.line
