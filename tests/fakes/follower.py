"""A Follower whose files exist only in memory."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from pathlib import Path

from supervisor.core.models import Stream
from supervisor.ports import Chunk, Ref

_AT_ONCE = 256 * 1024
_LATE = 4 << 20


class FakeFollower:
    """The test writes with ``append``; held to the same contract as the real one."""

    def __init__(self) -> None:
        self._files: dict[tuple[Ref, Stream], bytearray] = {}
        self._offsets: dict[tuple[Ref, Stream], int] = {}
        self._restarted: set[tuple[Ref, Stream]] = set()
        self._wake = asyncio.Event()
        self._closed = False

    def append(self, ref: Ref, stream: Stream, data: bytes) -> None:
        """Write to a file, followed or not."""
        self._files.setdefault((ref, stream), bytearray()).extend(data)
        self._wake.set()

    def replace(self, ref: Ref, stream: Stream, data: bytes) -> None:
        """Put another file in the place of this one."""
        self._files[ref, stream] = bytearray(data)
        if (ref, stream) in self._offsets:
            self._offsets[ref, stream] = 0
            self._restarted.add((ref, stream))
        self._wake.set()

    def follow(self, ref: Ref, directory: Path, offsets: Mapping[Stream, int]) -> None:
        for stream in ("stdout", "stderr"):
            self._offsets[ref, stream] = offsets.get(stream, 0)
        self._wake.set()

    async def chunks(self) -> AsyncGenerator[Sequence[Chunk], None]:
        while not self._closed:
            await self._wake.wait()
            self._wake.clear()
            while turn := [chunk for place in tuple(self._offsets) if (chunk := self._read(place))]:
                yield turn

    def finish(self, ref: Ref) -> Iterator[Chunk]:
        for place in [place for place in self._offsets if place[0] == ref]:
            size = len(self._files.get(place, b""))
            self._offsets[place] = max(self._offsets[place], size - _LATE)
            while (chunk := self._read(place)) is not None:
                yield chunk
            del self._offsets[place]

    def close(self) -> None:
        """End ``chunks``."""
        self._closed = True
        self._wake.set()

    def _read(self, place: tuple[Ref, Stream]) -> Chunk | None:
        start = self._offsets[place]
        data = bytes(self._files.get(place, b"")[start : start + _AT_ONCE])
        if not data:
            return None
        self._offsets[place] = start + len(data)
        restarted = place in self._restarted
        self._restarted.discard(place)
        return Chunk(place[0], place[1], start, data, restarted)
