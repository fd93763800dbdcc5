"""What tails log files and finds lines in them."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from supervisor.core.models import Stream
from supervisor.ports.attempts import Ref


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes appended to one stream of an attempt. ``offset`` is where they begin in the file."""

    ref: Ref
    stream: Stream
    offset: int
    data: bytes
    restarted: bool = False
    """The file was truncated or replaced; line memory must be dropped."""


class Follower(Protocol):
    """Tails the log files of running attempts."""

    def follow(self, ref: Ref, directory: Path, offsets: Mapping[Stream, int]) -> None:
        """Begin to follow both streams from ``offsets`` (0 where missing)."""
        ...

    def chunks(self) -> AsyncGenerator[Chunk, None]:
        """Yield what was appended, soon after it was; never more than 256 KiB at once. One reader."""
        ...

    async def finish(self, ref: Ref) -> Sequence[Chunk]:
        """Stop following and return what was not yet yielded, to the files' size now.

        At most the last 4 MiB of each stream; what is skipped shows as a gap in the offsets.
        """
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """Rule ``rule`` matched line number ``line`` (from 0) of the block."""

    line: int
    rule: str


class Scanner(Protocol):
    """Finds which lines of a block match which rules."""

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        ...
