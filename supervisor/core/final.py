"""The last lines of a stream: kept, and read again as what they are when the stream has ended."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from supervisor.core.boxes import Piece, pieces, worth_reading
from supervisor.core.evidence import Detection, Form, Place
from supervisor.core.findings import Findings
from supervisor.core.shape import Shape, shape_of
from supervisor.core.storms import SAYS_ITSELF

KEPT_BYTES = 32 * 1024
"""So much of a stream's end is remembered; ``inspect eval`` draws 15 kB around one error."""

_FORMS: dict[Shape, Form] = {
    Shape.QUOTE: "quote",
    Shape.CHATTER: "chatter",
    Shape.PLAIN: "plain",
    Shape.ERROR: "error",
    Shape.EXCEPTION: "exception",
}

Found = Callable[[bytes], Sequence[tuple[int, Sequence[str]]]]
"""Gives the numbers (from 0) of the lines of a block that may match, each with its rules."""


class Tail:
    """The last 32 KiB of a stream, in whole lines."""

    __slots__ = ("_blocks", "_size")

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self._size = 0

    def add(self, block: bytes) -> None:
        """Take in the next whole lines."""
        if len(block) > KEPT_BYTES:
            block = block[block.find(b"\n", len(block) - KEPT_BYTES - 1) + 1 :]
            self._blocks.clear()
            self._size = 0
        self._blocks.append(block)
        self._size += len(block)
        while self._size - len(self._blocks[0]) >= KEPT_BYTES:
            self._size -= len(self._blocks.popleft())

    def text(self) -> str:
        """Return what is remembered."""
        return b"".join(self._blocks).decode("utf-8", "replace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the end of a stream proves once it is read as a whole."""

    detections: tuple[Detection, ...]
    joined: Findings | None = None
    """Of lines that had to be put together; it knows their stated waits."""


def reading(
    streamed: Sequence[Detection],
    tail: Tail,
    *,
    lines: int,
    written_at: float,
    found: Found,
    fresh: Callable[[], Findings],
) -> Reading:
    """Return what a stream of ``lines`` lines proves: ``streamed``, with the last lines read anew.

    Lines of a wrapped message count as one; ``fresh`` makes an empty collection for those.
    """
    text = tail.text()
    if not worth_reading(text):
        return Reading(detections=tuple(map(_formed, streamed)))
    rows = text.split("\n")[:-1]
    parts = pieces(rows)
    joined = fresh()
    again = [part for part in parts if part.text != rows[part.first].strip()]
    first = lines - len(rows)
    block = "".join(f"{part.text}\n" for part in again).encode()
    whole: list[Piece] = []
    for number, rules in found(block) if again else ():
        part = again[number]
        at = _written_at(streamed, lines, first, part) or written_at
        if joined.take(first + part.last, part.text, rules, at) is not None:
            whole.append(part)
    kept = [one for one in streamed if not any(_in(one, part, lines, first) for part in whole)]
    both = sorted((*kept, *joined.detections(lines)), key=lambda one: -one.from_end)
    placed = tuple(_formed(_placed(one, parts, lines, first)) for one in both)
    return Reading(detections=placed, joined=joined)


def unplaced(detection: Detection) -> Detection:
    """Return ``detection`` as it was when its line was read alone."""
    return replace(detection, form="plain", place="line", repeats=1, storm_s=0.0)


def _written_at(streamed: Sequence[Detection], lines: int, first: int, part: Piece) -> float | None:
    times = [one.written_at for one in streamed if _in(one, part, lines, first)]
    return max(times, default=None)


def _in(one: Detection, part: Piece, lines: int, first: int) -> bool:
    """Tell whether a detection's line is one of those that ``part`` is made of."""
    return part.first <= lines - 1 - one.from_end - first <= part.last


def _placed(one: Detection, parts: Sequence[Piece], lines: int, first: int) -> Detection:
    part = next((part for part in parts if _in(one, part, lines, first)), None)
    if part is None or not part.traceback or not part.final:
        return one
    place: Place = "cause" if part.chained else "traceback"
    return replace(one, place=place)


def _formed(one: Detection) -> Detection:
    if SAYS_ITSELF.search(one.line):
        return replace(one, form="structured")
    form = _FORMS[shape_of(one.line)]
    return one if form == one.form else replace(one, form=form)
