"""What tails log files and finds lines in them."""

from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from supervisor.core.models import Stream
from supervisor.ports.attempts import Ref
from supervisor.ports.clients import Hits


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

    def chunks(self) -> AsyncGenerator[Sequence[Chunk], None]:
        """Yield what was appended, soon after it was, a turn at a time. One reader.

        A turn holds at most one chunk of each file, each at most 256 KiB, and 768 KiB in all. Of a file
        that is far ahead of its reader a part is skipped, which shows as a gap in the offsets.
        """
        ...

    def finish(self, ref: Ref) -> Iterator[Chunk]:
        """Stop following; return an iterator over what was not yet yielded, to the files' size.

        It has to be read to its end. At most the last 4 MiB of each stream; what is skipped shows as
        a gap in the offsets.
        """
        ...


@dataclass(frozen=True, slots=True)
class Match:
    """Rule ``rule`` matched line number ``line`` (from 0) of the block."""

    line: int
    rule: str
    start: int = field(default=0, compare=False)
    """Where the line begins in the block."""
    at: int = field(default=0, compare=False)
    """Where a match ends in the line, in bytes; engines differ in which one of several."""


class Scanner(Protocol):
    """Finds which lines of a block match which rules."""

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        ...

    def has_controls(self, block: bytes) -> bool:
        """Tell whether ``block`` has control characters other than tab and newline."""
        ...


class LogSearcher(Protocol):
    """Finds lines of a log file, however large it is."""

    def search(self, path: Path, text: str, *, regex: bool, offset: int) -> Hits:
        """Look from ``offset`` on for a while; ``Hits.until`` tells how far it came.

        Words are found in either case unless one of them has a capital letter.
        """
        ...
