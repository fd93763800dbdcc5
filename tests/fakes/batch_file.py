"""A batch file that the test edits."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Collection
from dataclasses import replace
from pathlib import Path

from supervisor.core.models import BatchSpec
from supervisor.engine.launch import write_edited
from supervisor.ports import ConfigError


class FakeBatchFile:
    """Says what the test saved; ``faults`` are what is wrong with it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.spec: BatchSpec | None = None
        self.faults: tuple[str, ...] = ()
        self.reads = 0
        self.paths: Collection[str] = ()
        self._news = asyncio.Event()

    def save(self, spec: BatchSpec | None = None, *, faults: tuple[str, ...] = ()) -> None:
        """Let the file say this."""
        self.spec = None if spec is None else replace(spec, directory=str(self.directory))
        self.faults = faults
        self._news.set()

    async def edited(self, paths: Callable[[], Collection[str]]) -> AsyncGenerator[None, None]:
        """See ``BatchFile``."""
        while True:
            self.paths = paths()
            await self._news.wait()
            self._news.clear()
            yield

    async def read(self) -> None:
        """See ``BatchFile``."""
        self.reads += 1
        await asyncio.sleep(0)
        if self.faults or self.spec is None:
            raise ConfigError(self.faults or ["night.yaml: cannot read it"])
        write_edited(self.spec)
