"""The coroutines that a backend keeps going, by name; a fault in one is told to its reader."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any


class Works:
    """Starts, finds and ends coroutines; ``fault`` hears of what one of them raised."""

    def __init__(self, fault: Callable[[BaseException], None]) -> None:
        self._fault = fault
        self._tasks: dict[Hashable, asyncio.Task[None]] = {}
        self.closed = False

    def start(self, key: Hashable, work: Coroutine[Any, Any, None]) -> None:
        """Keep ``work`` going under ``key``, in place of nothing: what goes on already, goes on."""
        if self.closed or key in self._tasks:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work, name=str(key))
        self._tasks[key] = task
        task.add_done_callback(lambda done: self._over(key, done))

    async def end(self, *keys: Hashable) -> None:
        """Cancel and wait for these."""
        tasks = [task for key in keys if (task := self._tasks.get(key)) is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def join(self, kind: str, within_s: float) -> None:
        """Wait for those whose key begins with ``kind``, for so long at most."""
        tasks = [
            task for key, task in self._tasks.items() if isinstance(key, tuple) and key[0] == kind
        ]
        if tasks:
            await asyncio.wait(tasks, timeout=within_s)

    def close(self, last: Coroutine[Any, Any, None] | None = None) -> None:
        """Cancel all, and start no more but ``last``."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if last is not None:
            self.start("close", _after(tasks, last))
        self.closed = True

    def _over(self, key: Hashable, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._fault(error)


async def _after(tasks: list[asyncio.Task[None]], last: Coroutine[Any, Any, None]) -> None:
    if tasks:
        await asyncio.wait(tasks)
    await last
