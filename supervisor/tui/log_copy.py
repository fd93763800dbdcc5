"""Copies of logs as text: secrets masked by the engine, nothing left in it that steers a terminal."""

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path

from supervisor.core.lines import LineReader, clean
from supervisor.ports import EngineApi, LogWindow
from supervisor.tui.log_reader import Source
from supervisor.tui.log_sieve import cut
from supervisor.tui.pages import LONGEST_LINE

PIECE = 1 << 20
"""Bytes asked for at once; an engine gives no more."""


class LogCopy:
    """The text of one stream as it is now; what is written meanwhile is left out."""

    def __init__(self, engine: EngineApi, source: Source) -> None:
        self._engine = engine
        self._source = source
        self.share = 0.0
        """How much of it was read, up to 1."""
        self.line = 1
        """The number of the line that ``pieces`` was asked to count up to."""

    async def pieces(
        self, first: int = 0, here: int = 0, most: int | None = None
    ) -> AsyncGenerator[bytes, None]:
        """Yield whole lines from the first that begins after byte ``first`` (0: all lines).

        ``here`` is where the line begins whose number is counted; ``most`` bounds the bytes.

        Raises:
            SupervisorError: the engine is gone, or has no such log.
        """
        reader, at, end = LineReader(), first, -1
        while end < 0 or at < end:
            window = await self._window(at, PIECE)
            if end < 0:
                end = window.size if most is None else min(window.size, first + most)
            end = min(end, window.size)
            data = window.data[: max(0, end - at)]
            if not data:
                break
            cut_off = data.find(b"\n") + 1 if at == first > 0 else 0
            self.line += data.count(b"\n", cut_off, max(cut_off, here - at))
            at += len(data)
            self.share = at / end
            yield reader.feed(data[cut_off:])
        yield reader.flush()

    async def lines(self, lines: Sequence[int]) -> AsyncGenerator[bytes, None]:
        """Yield the lines that begin at these offsets (sorted), each with its end.

        Raises:
            SupervisorError: as for ``pieces``.
        """
        done = 0
        while done < len(lines):
            found = cut(await self._around(lines, done), lines)
            if not found:
                break
            done += len(found)
            self.share = done / len(lines)
            yield b"".join(clean(raw) + b"\n" for raw in found.values())

    async def _around(self, lines: Sequence[int], done: int) -> LogWindow:
        first = lines[done]
        last = first
        for offset in lines[done:]:
            if offset - first > PIECE - LONGEST_LINE:
                break
            last = offset
        window = await self._window(first, last - first + LONGEST_LINE)
        whole = b"\n" in window.data or first + len(window.data) >= window.size
        return window if whole else await self._window(first, PIECE)

    async def _window(self, offset: int, size: int) -> LogWindow:
        one = self._source
        return await self._engine.log(one.task, one.attempt, one.stream, offset, size)


async def save(pieces: AsyncGenerator[bytes, None], path: Path, told: Callable[[], None]) -> int:
    """Write a new file that only its owner can read; return its bytes. ``told`` is called as it grows.

    Raises:
        OSError: there is such a file already, or it cannot be written whole; nothing is left then.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    written = 0
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        try:
            async for data in pieces:
                await asyncio.to_thread(file.write, data)
                written += len(data)
                told()
            await asyncio.to_thread(file.flush)
        except BaseException:
            _remove(path)
            raise
    return written


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
