"""The one thread that touches the journal, and the patience a full disk asks for."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from supervisor.core.models import BatchSpec
from supervisor.ports import Entry, Journal, JournalError

log = logging.getLogger(__name__)

T = TypeVar("T")


class Writer:
    """Calls the journal's blocking methods one after another, in a thread of their own."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def call(self, method: Callable[[Journal], T]) -> T:
        """Run ``method`` with the journal in the commit thread and return what it returns."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, method, self._journal)

    async def commit(self, entries: Sequence[Entry], spec: BatchSpec | None) -> str | None:
        """Make entries durable, after the spec they rest on; return why not when they cannot be.

        A spec without its rows does no harm after a crash: its new tasks begin as waiting.
        """
        try:
            await self.call(lambda journal: _commit(journal, entries, spec))
        except JournalError as error:
            log.warning("commit failed", exc_info=error)
            return str(error)
        return None

    async def close(self) -> None:
        """Close the journal and end the thread."""
        await self.call(lambda journal: journal.close())
        self._thread.shutdown(wait=False)


def _commit(journal: Journal, entries: Sequence[Entry], spec: BatchSpec | None) -> None:
    if spec is not None:
        journal.save_spec(spec)
    journal.commit(entries)
