"""Source files that exist only in memory."""

import asyncio
from collections.abc import AsyncGenerator, Collection, Sequence

from supervisor.core.globs import matcher
from supervisor.ports.sources import Piece


class FakeFiles:
    """The test says what was written; each piece is read once."""

    def __init__(self) -> None:
        self.watched: dict[str, float] = {}
        self.pieces: dict[str, list[Piece]] = {}
        self._news: asyncio.Queue[str] = asyncio.Queue()

    def write(
        self, path: str, text: str, at: float, *, begins: bool = False, told: bool = True
    ) -> None:
        """Write to a file; ``told`` False: the watch misses it."""
        piece = Piece(
            path=path,
            data=text.encode(),
            modified_at=at,
            begins=begins,
            whole=path.endswith(".json"),
        )
        self.pieces.setdefault(path, []).append(piece)
        if told:
            self._news.put_nowait(path)

    def watch(self, patterns: Collection[str], since: float) -> None:
        for pattern in patterns:
            self.watched.setdefault(pattern, since)

    async def changed(self) -> AsyncGenerator[Sequence[str], None]:
        while True:
            yield (await self._news.get(),)

    async def written(self, patterns: Collection[str], since: float) -> Sequence[str]:
        return [
            path
            for path, pieces in self.pieces.items()
            if any(matcher(pattern).fullmatch(path) for pattern in patterns)
            and any(piece.modified_at >= since for piece in pieces)
        ]

    async def read(self, path: str) -> Piece | None:
        pieces = self.pieces.get(path)
        return pieces.pop(0) if pieces else None
