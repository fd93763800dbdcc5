"""The batch file as somebody edits it while the batch runs: shown, and applied only when told."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Collection, Iterable
from contextlib import aclosing, suppress
from dataclasses import replace
from pathlib import Path

from supervisor.core.board import Edited
from supervisor.core.difference import Difference, difference
from supervisor.core.intents import Intent, Reload
from supervisor.core.models import BatchSpec
from supervisor.core.state import Batch
from supervisor.engine.launch import LAUNCH_FILE, read_edited
from supervisor.ports import ConfigError
from supervisor.ports.batch_file import BatchFile

log = logging.getLogger(__name__)

_MOST_FAULTS = 10


class EditedFile:
    """Knows what the edited file would change, or what is wrong with it. Nothing is ever applied here."""

    def __init__(
        self,
        file: BatchFile | None,
        *,
        batch: Callable[[], Batch],
        now: Callable[[], float],
        show: Callable[[Edited | None], None],
    ) -> None:
        self._file = file
        self._batch = batch
        self._now = now
        self._show = show
        self._news = asyncio.Event()
        self._inputs: tuple[str, ...] = ()
        self.shown: Edited | None = None
        if self._is_newer():
            self._news.set()

    async def run(self) -> None:
        """Watch until cancelled."""
        if self._file is None:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._watch(self._file), name="watch the batch file")
            while True:
                await self._news.wait()
                self._news.clear()
                await self._look(self._file)

    def spec_changed(self) -> None:
        """Show nothing until it was compared anew: what was shown may have been applied."""
        if self.shown is not None:
            self._tell(None)
            self._news.set()

    async def filled_in(self, intent: Intent) -> Intent:
        """Return a reload with what was read of the file; other intents as they are.

        Raises:
            ConfigError: it is not what was agreed to, it has faults, or there is nothing to apply.
        """
        if not isinstance(intent, Reload) or intent.spec is not None:
            return intent
        name = Path(self._batch().head.source).name
        if self.shown is None:
            raise ConfigError([f"{name} says what the batch that runs says"])
        if self.shown.faults:
            raise ConfigError(self.shown.faults)
        if intent.seen not in {"", self.shown.seen}:
            raise ConfigError([f"{name} was edited again meanwhile; look at it again"])
        return replace(intent, spec=await self._read_edited())

    async def _watch(self, file: BatchFile) -> None:
        async with aclosing(file.edited(self._paths)) as edits:
            async for _ in edits:
                self._news.set()

    def _paths(self) -> Collection[str]:
        head = self._batch().head
        return (head.source, *head.inputs, *self._inputs)

    async def _look(self, file: BatchFile) -> None:
        try:
            # Before it is read: what is written meanwhile must not pass for what was shown.
            seen = await asyncio.to_thread(_digest, tuple(self._paths()))
            await file.read()
            spec = await self._read_edited()
            self._inputs = spec.inputs
            found = await asyncio.to_thread(difference, self._batch(), spec)
            shown = self._edited(found, seen) if found else None
        except ConfigError as error:
            shown = self._faulty(error.problems)
        except Exception as error:
            # Nothing about an edited file may end the night that runs by the old one.
            log.exception("the edited batch file could not be compared")
            shown = self._faulty([f"could not be compared: {error!r}"])
        if shown is not None and self.shown is not None:
            shown = replace(shown, since=self.shown.since)
        if shown != self.shown:
            self._tell(shown)

    def _tell(self, shown: Edited | None) -> None:
        self.shown = shown
        self._show(shown)

    async def _read_edited(self) -> BatchSpec:
        return await asyncio.to_thread(read_edited, Path(self._batch().head.directory))

    def _edited(self, found: Difference, seen: str) -> Edited:
        return Edited(
            file=self._batch().head.source,
            since=self._now(),
            brief=found.brief(),
            lines=found.lines(),
            seen=seen,
        )

    def _faulty(self, faults: Collection[str]) -> Edited:
        source = self._batch().head.source
        told = tuple(faults)[:_MOST_FAULTS]
        return Edited(file=source, since=self._now(), faults=told)

    def _is_newer(self) -> bool:
        """Tell whether the file was edited after it was read for this run, such as before a reboot."""
        head = self._batch().head
        try:
            read_at = (Path(head.directory) / LAUNCH_FILE).stat().st_mtime
            return Path(head.source).stat().st_mtime > read_at
        except OSError:
            return False


def _digest(paths: Iterable[str]) -> str:
    """Return what tells one state of the files from another."""
    found = hashlib.sha256()
    for path in paths:
        with suppress(OSError), Path(path).open("rb") as file:
            found.update(hashlib.file_digest(file, "sha256").digest())
    return found.hexdigest()[:16]
