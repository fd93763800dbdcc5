"""Runs a blocking call in a thread of its own, which nobody has to wait for."""

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

_Result = TypeVar("_Result")

_MOST = 16


class Beside:
    """Blocking calls beside the event loop; one that hangs keeps neither others nor the engine's end.

    The threads of ``asyncio.to_thread`` are waited for when a program ends, and there are few.
    """

    def __init__(self) -> None:
        self._running = 0

    async def run(self, call: Callable[[], _Result]) -> _Result:
        """Return what ``call`` returns.

        Raises:
            TimeoutError: so many earlier calls still hang that no other is begun.
        """
        if self._running >= _MOST:
            raise TimeoutError(f"{self._running} earlier calls still hang")
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_Result] = loop.create_future()
        self._running += 1

        def work() -> None:
            try:
                result = call()
            except BaseException as error:  # noqa: BLE001 - it is raised where the call was made
                told = error
                _tell(loop, lambda: self._over(done, lambda: done.set_exception(told)))
            else:
                _tell(loop, lambda: self._over(done, lambda: done.set_result(result)))

        threading.Thread(target=work, name="results", daemon=True).start()
        return await done

    def _over(self, done: asyncio.Future[_Result], tell: Callable[[], None]) -> None:
        self._running -= 1
        if not done.done():
            tell()


def _tell(loop: asyncio.AbstractEventLoop, news: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(news)
