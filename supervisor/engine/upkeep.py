"""What is kept on disk for an engine to come: the launch file, and copies of the journal."""

import asyncio
import logging
from collections.abc import Callable

from supervisor.core.options import RunOptions
from supervisor.core.state import Batch, spec_of
from supervisor.engine.launch import write_launch
from supervisor.engine.writer import Writer
from supervisor.ports import Clock, JournalError

log = logging.getLogger(__name__)

_GENERATION_S = 3600.0


class Upkeep:
    """Keeps it up to date; what cannot be written now is only a warning."""

    def __init__(
        self, writer: Writer, clock: Clock, durable: Callable[[], Batch], options: RunOptions
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._durable = durable
        self._options = options
        self._spec_news = asyncio.Event()
        self._spec_news.set()

    def spec_changed(self) -> None:
        """Write the launch file again soon."""
        self._spec_news.set()

    async def keep_launch_file(self) -> None:
        """Leave word for an engine that somebody starts without a batch file, after a reboot."""
        while True:
            await self._spec_news.wait()
            self._spec_news.clear()
            spec = spec_of(self._durable())
            try:
                await asyncio.to_thread(write_launch, spec, self._options)
            except OSError as error:
                log.warning("launch file is out of date", exc_info=error)

    async def keep_generations(self) -> None:
        """Copy the journal now and every hour."""
        while True:
            try:
                await self._writer.call(lambda journal: journal.keep_generation())
            except JournalError as error:
                log.warning("no generation could be kept", exc_info=error)
            await self._clock.sleep_until(self._clock.now() + _GENERATION_S)
