"""Blocking calls in threads of their own: results, errors, and those that never return."""

import asyncio
import threading

import pytest

from supervisor.adapters.results.beside import Beside
from tests.support import until


async def test_what_the_call_returns_or_raises_comes_back() -> None:
    beside = Beside()
    assert await beside.run(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await beside.run(lambda: 1 // 0)


async def test_calls_that_hang_stop_neither_others_nor_the_end() -> None:
    beside, end = Beside(), threading.Event()
    for _ in range(16):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await beside.run(end.wait)
    with pytest.raises(TimeoutError, match="16 earlier calls still hang"):
        await beside.run(lambda: 7)
    end.set()
    await until(lambda: not any(thread.name == "results" for thread in threading.enumerate()))
    await asyncio.sleep(0)
    assert await beside.run(lambda: 8) == 8


def test_a_call_may_outlive_the_loop() -> None:
    end = threading.Event()

    async def leave() -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.001):
                await Beside().run(end.wait)

    asyncio.run(leave())
    end.set()
