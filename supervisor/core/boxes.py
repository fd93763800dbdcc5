"""Tracebacks as people and libraries print them → the exceptions they end with, each one line again.

Rich draws a box and wraps what stands below it at the terminal's width (80 columns in a pipe), Ray
and vLLM put a process before every line, pytest an ``E``, tqdm leaves its bar before the first
line, Claude Code hangs results below a ``⎿``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LONGEST_JOINED = 12
"""A message wrapped over more lines than this is cut there."""
_NARROWEST = 40
_LONGEST_BAR = 500

_SENDER = re.compile(r"^(?:\([\w.]*\s?(?:pid|ip)=[^)\n]*\)|\[rank\d+\]:|\w[\w.]*-\d+\s+\|)\s?")
_BAR = re.compile(r"^.*?\d+%\|.*?\|\s*[\d.]+[kMG]?/\S+ \[[^\]]*\]\s*(?=\S)")
_OPENED = re.compile(r"Traceback \(most recent call last\)")
_TOP = re.compile(r"^[╭┌+]─?[─-]+ ?Traceback \(most recent call last\)[^\n]*[╮┐+]$")
_BOTTOM = re.compile(r"^[╰└+][─-]{8,}[╯┘+]$")
_WALLED = re.compile(r"^[│┃|](?P<inside>.*)[│┃|]$")
_CHAINED = re.compile(
    r"^(?:During handling of the above exception, another exception occurred"
    r"|The above exception was the direct cause of the following exception)"
)
_FRAME = re.compile(r"^\s")
_GROUPED = re.compile(r"^\s+[|+](?:-[-+ \d]*$|\s?)")
"""What stands before each line of an exception group and of the exceptions in it."""
_BELOW = re.compile(r"^\s+at\s\S")
_TEST = re.compile(r"^E\s{2,}(?=\S)")
_HUNG = re.compile(r"^\s*⎿\s+(?=\S)")
_BULLET = re.compile(r"^\s*(?:[●⏺•*·✗✘>⎿]|\d+[.)])\s")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One logical line, of the lines ``first`` to ``last`` (counted from 0) of those looked at."""

    text: str
    first: int
    last: int
    final: bool
    """It ended the last traceback there is, or is what the last traceback was raised from."""
    chained: bool = False
    """Another exception was raised because of it."""
    traceback: bool = True
    """False: no traceback, only wrapped."""


def pieces(lines: Sequence[str]) -> tuple[Piece, ...]:
    """Return the logical lines that are not simply one of ``lines``: ends of tracebacks, wrapped text."""
    bare = [_undressed(line) for line in lines]
    found = sorted([*_raised(bare), *_hung(bare)], key=lambda piece: (piece.first, piece.last))
    final = _final_chain(found)
    return tuple(
        Piece(
            text=piece.text,
            first=piece.first,
            last=piece.last,
            final=place in final,
            chained=piece.chained,
            traceback=piece.traceback,
        )
        for place, piece in enumerate(found)
    )


def worth_reading(block: str) -> bool:
    """Tell, quickly, whether there may be any piece in ``block``."""
    return any(sign in block for sign in ("Traceback (", "⎿", "\nE  ", "\n    at ", "\n\tat "))


def _undressed(line: str) -> str:
    """Return ``line`` without what other programs put before it."""
    line = _SENDER.sub("", line.rstrip(), count=1)
    bar = _BAR.match(line, 0, _LONGEST_BAR) if "%|" in line[:_LONGEST_BAR] else None
    return line[bar.end() :] if bar else line


def _raised(lines: Sequence[str]) -> Iterator[Piece]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if _TOP.match(line):
            piece = _below_box(lines, place)
        elif _TOP.match(_within(line)):
            piece = _below_box([_within(other) for other in lines], place)
        elif _OPENED.search(line):
            piece = _below_frames(lines, place)
        elif _TEST.match(line):
            piece = _of_test(lines, place)
        elif place + 1 < len(lines) and _BELOW.match(lines[place + 1]) and not _BELOW.match(line):
            piece = _above_frames(lines, place)
        else:
            piece = None
        if piece is None:
            place += 1
        else:
            yield piece
            place = max(place, piece.last) + 1


def _below_box(lines: Sequence[str], top: int) -> Piece | None:
    """What Rich wrote below its box."""
    bottom = next((n for n in range(top + 1, len(lines)) if _BOTTOM.match(lines[n])), None)
    if bottom is None or bottom + 1 >= len(lines):
        return None
    return _joined(lines, bottom + 1, len(lines[top]))


def _below_frames(lines: Sequence[str], opened: int) -> Piece | None:
    panel = _WALLED.match(lines[opened])
    inside: Sequence[str] = lines
    if panel:
        inside = [_within(line) for line in lines]
    elif _GROUPED.match(lines[opened]):
        inside = [_GROUPED.sub("", line) for line in lines]
    # A traceback that is itself indented, as in a log record, ends where its indentation does.
    head = _OPENED.search(inside[opened])
    indent = head.start() if head and not inside[opened][: head.start()].strip() else 0
    for place in range(opened + 1, len(inside)):
        line = inside[place][indent:] if not inside[place][:indent].strip() else inside[place]
        if line and not _FRAME.match(line) and not _OPENED.search(line):
            return _joined(inside, place, len(lines[opened]) - 2 if panel else 0, indent)
    return None


def _of_test(lines: Sequence[str], place: int) -> Piece | None:
    """pytest's ``E`` lines: the first tells the exception, more of them its message."""
    if place and _TEST.match(lines[place - 1]):
        return None
    return Piece(text=_TEST.sub("", lines[place]), first=place, last=place, final=False)


def _above_frames(lines: Sequence[str], place: int) -> Piece | None:
    """Node and Java put the exception first; ``Caused by`` comes below and is the deeper one."""
    last = place + 1
    while last < len(lines) and (_BELOW.match(lines[last]) or not lines[last].strip()):
        last += 1
    causes = last < len(lines) and lines[last].startswith("Caused by: ")
    return Piece(text=lines[place].strip(), first=place, last=place, final=False, chained=causes)


def _joined(lines: Sequence[str], first: int, width: int, indent: int = 0) -> Piece:
    """Return the exception that begins at ``first``, with the lines it was wrapped into."""
    last = first
    text = lines[first].strip()
    while width >= _NARROWEST and last + 1 < len(lines) and last - first < _LONGEST_JOINED:
        word = lines[last + 1][indent:].split(" ", 1)[0]
        row = len(lines[last].rstrip())
        # It was wrapped there only if the next word had no room left in the row.
        if not word or row + 1 + len(word) <= width or _BOTTOM.match(lines[last + 1]):
            break
        last += 1
        # Only a word longer than a whole row is cut in the middle.
        cut = row >= width and len(text.rsplit(" ", 1)[-1]) + len(word) > width
        glue = "" if cut else " "
        text += glue + lines[last].strip()
    return Piece(text=text, first=first, last=last, final=False, chained=_leads_on(lines, last))


def _leads_on(lines: Sequence[str], last: int) -> bool:
    after = (line.strip() for line in lines[last + 1 : last + 6])
    return bool(_CHAINED.match(next((line for line in after if line), "")))


def _hung(lines: Sequence[str]) -> Iterator[Piece]:
    """Text below Claude Code's ``⎿``, where it was wrapped."""
    for first, line in enumerate(lines):
        head = _HUNG.match(line)
        if head is None or not re.match(r"(?:API )?Error\b", line[head.end() :]):
            continue
        width = max(len(other) for other in lines[max(0, first - 20) : first + 20])
        last, text = first, line[head.end() :]
        while last + 1 < len(lines) and last - first < _LONGEST_JOINED:
            below = lines[last + 1]
            indent = len(below) - len(below.lstrip())
            word = below.split(maxsplit=1)[0] if below.strip() else ""
            full = len(lines[last]) >= _NARROWEST and len(lines[last]) + 1 + len(word) > width
            if not word or indent < head.end() - 1 or not full or _BULLET.match(below):
                break
            last += 1
            text += " " + below.strip()
        if last > first:
            yield Piece(text=text, first=first, last=last, final=False, traceback=False)


def _within(line: str) -> str:
    found = _WALLED.match(line)
    if found is None:
        return ""
    return found["inside"].removeprefix(" ").rstrip()


def _final_chain(found: Sequence[Piece]) -> frozenset[int]:
    """Return the places of the last traceback's exception and of all it was raised from."""
    places = [place for place, piece in enumerate(found) if piece.traceback]
    final: set[int] = set()
    for place in reversed(places):
        if final and not found[place].chained:
            break
        final.add(place)
    return frozenset(final)
