"""The lines of a block in which rules matched, as text that is short enough to be judged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Protocol

_LONG = 8000
"""Bytes of a line beyond which only its head and the surroundings of its matches are judged."""
_HEAD = 400
"""It tells what sort of line it is."""
_AROUND = 1000
_MOST_WINDOWS = 8
_GAP = b" \xe2\x80\xa6 "


class Hit(Protocol):
    """Rule ``rule`` matched line number ``line`` (from 0) of the block."""

    @property
    def line(self) -> int:
        """Number of the line."""
        ...

    @property
    def rule(self) -> str:
        """Id of the rule."""
        ...

    @property
    def start(self) -> int:
        """Where the line begins in the block."""
        ...

    @property
    def at(self) -> int:
        """Where a match ends in the line, in bytes."""
        ...


@dataclass(frozen=True, slots=True)
class HitLine:
    """One line and the rules that matched it."""

    number: int
    """From 0, in the block."""
    text: str
    rules: tuple[str, ...]
    beside: tuple[str, str] = field(default=("", ""), compare=False)
    """The beginnings of the lines before and after it in the block: code is seldom alone."""


def hit_lines(block: bytes, hits: Iterable[Hit]) -> Iterator[HitLine]:
    """Yield each line that ``hits``, ordered by line, are in; nothing else of ``block`` is touched."""
    for number, group in groupby(hits, key=_number):
        here = tuple(group)
        start = here[0].start
        stop = block.find(b"\n", start)
        line = block[start : stop if stop >= 0 else None]
        beside = (_before(block, start), _after(block, stop))
        if len(line) > _LONG:
            line = _surroundings(line, [hit.at for hit in here])
        rules = tuple(hit.rule for hit in here)
        yield HitLine(number, line.decode("utf-8", "replace"), rules, beside)


def _before(block: bytes, start: int) -> str:
    if start == 0:
        return ""
    begin = block.rfind(b"\n", 0, start - 1) + 1
    return block[begin : min(start - 1, begin + _HEAD)].decode("utf-8", "replace")


def _after(block: bytes, stop: int) -> str:
    if stop < 0:
        return ""
    end = block.find(b"\n", stop + 1, stop + 1 + _HEAD)
    return block[stop + 1 : end if end >= 0 else stop + 1 + _HEAD].decode("utf-8", "replace")


def _number(hit: Hit) -> int:
    return hit.line


def _surroundings(line: bytes, ends: Sequence[int]) -> bytes:
    """Return the head of a long line and the text around its first matches."""
    parts = [line[:_HEAD]]
    shown_to = _HEAD
    for end in sorted(ends)[:_MOST_WINDOWS]:
        start, stop = max(shown_to, end - _AROUND), end + _AROUND
        if stop > shown_to:
            parts.append((b"" if start == shown_to else _GAP) + line[start:stop])
            shown_to = stop
    return b"".join(parts)
