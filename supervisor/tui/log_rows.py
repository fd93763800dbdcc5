"""Lines of a log as rows of the screen: coloured, carriage returns obeyed, wrapped or cut."""

from collections.abc import Iterator
from dataclasses import dataclass

from supervisor.tui.ansi import Piece, pieces_of
from supervisor.tui.pages import LONGEST_LINE, TextLine
from supervisor.tui.widgets.lines import cells

_MOST_ROWS = 200
"""Of one line; the file keeps all."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line it is of (where that begins in the file), and its text."""

    offset: int
    pieces: tuple[Piece, ...]
    first: bool = True
    """Not the continuation of a wrapped line."""

    @property
    def text(self) -> str:
        """The row without colours."""
        return "".join(text for text, _ in self.pieces)


def rows_of(line: TextLine, width: int | None, *, ascii_only: bool) -> list[Row]:
    """Return the rows of one line; ``width`` None: it is not wrapped."""
    text = _shown(line.raw).decode("utf-8", "replace")
    pieces = pieces_of(text, ascii_only=ascii_only)
    if width is None:
        return [Row(line.offset, pieces)]
    found = [
        Row(line.offset, some, first=number == 0)
        for number, some in zip(range(_MOST_ROWS), _wrapped(pieces, max(1, width)), strict=False)
    ]
    return found or [Row(line.offset, ())]


def shifted(pieces: tuple[Piece, ...], by: int) -> tuple[Piece, ...]:
    """Return the pieces without their first ``by`` characters."""
    found: list[Piece] = []
    for text, look in pieces:
        if by < len(text):
            found.append((text[by:], look))
        by = max(0, by - len(text))
    return tuple(found)


def lit(pieces: tuple[Piece, ...], words: str) -> tuple[Piece, ...]:
    """Return the pieces with every occurrence of ``words`` (lower case: in either case) marked."""
    if not words:
        return pieces
    found: list[Piece] = []
    for text, look in pieces:
        found += _lit(text, look, words)
    return tuple(found)


def _lit(text: str, look: str, words: str) -> Iterator[Piece]:
    where = text.lower() if words == words.lower() else text
    if len(where) != len(text):  # a letter whose lower case is longer
        where = text
    at = 0
    while (found := where.find(words, at)) >= 0:
        if found > at:
            yield text[at:found], look
        yield text[found : found + len(words)], "key"
        at = found + len(words)
    if at < len(text):
        yield text[at:], look


def _shown(raw: bytes) -> bytes:
    """Return what a terminal would show at the end: what follows the last carriage return."""
    raw = raw.removesuffix(b"\r")
    return raw[raw.rfind(b"\r") + 1 :][-LONGEST_LINE:]


def _wrapped(pieces: tuple[Piece, ...], width: int) -> Iterator[tuple[Piece, ...]]:
    row: list[Piece] = []
    room = width
    for text, look in pieces:
        while text:
            head = _fitting(text, room)
            if not head and not row:
                head = text[0]  # wider than the screen
            if head:
                row.append((head, look))
                room -= cells(head)
                text = text[len(head) :]
            if text:
                yield tuple(row)
                row, room = [], width
    if row:
        yield tuple(row)


def _fitting(text: str, room: int) -> str:
    """Return as much of the front of ``text`` as fits into ``room`` cells."""
    if text.isascii():
        return text[: max(0, room)]
    used = 0
    for at, char in enumerate(text):
        used += cells(char)
        if used > room:
            return text[:at]
    return text
