"""What watches files that the batch file names, and reads what is written to them."""

from collections.abc import AsyncGenerator, Collection, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """What was not read before of one file."""

    path: str
    data: bytes
    modified_at: float
    """When the file was written to (Unix seconds)."""
    begins: bool = False
    """It does not go on where the last piece ended: line memory must be dropped."""
    whole: bool = False
    """It is a JSON document, all of it."""


class SourceFiles(Protocol):
    """Watches files by patterns; absolute ones with ``*``, ``?``, ``[…]`` and ``**``."""

    def watch(self, patterns: Collection[str], since: float) -> None:
        """Watch for files that these match, besides those watched already; cheap to repeat.

        What was in them before ``since`` (Unix seconds) is old and never read.
        """
        ...

    def changed(self) -> AsyncGenerator[Sequence[str], None]:
        """Yield paths of matching files soon after they were written to. One reader."""
        ...

    async def written(self, patterns: Collection[str], since: float) -> Sequence[str]:
        """Return matching files written to since then of which something was not read yet.

        Looks at no more than 20,000 entries below the fixed part of each pattern.
        """
        ...

    async def read(self, path: str) -> Piece | None:
        """Return what was not read yet of a file, at most 4 MiB; None: nothing, or no such file."""
        ...
