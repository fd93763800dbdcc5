"""One part of a text, looked over: what is left of it once each line was judged by itself.

Parts can be looked over anywhere and in any order; only putting them together needs their order.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from supervisor.core.final import KEPT_BYTES
from supervisor.core.hits import Hit, HitLine, hit_lines
from supervisor.core.lines import count_lines, has_words, last_words
from supervisor.core.models import Origin
from supervisor.core.rules import Finding, RuleBook

_HEAD = 400
"""So many bytes of the line above tell what sort of line it is."""
_TOGETHER = 512
"""Lines judged in a row: a scan before each takes the caches away, and it takes twice as long."""

Found = Callable[[bytes], Sequence[Hit]]
"""What a scanner does with a block of whole lines."""


@dataclass(frozen=True, slots=True)
class Told:
    """What one line means."""

    number: int
    """From 0, in the part."""
    finding: Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What is left of one part."""

    lines: int = 0
    told: Sequence[Told] = ()
    """Of the lines that mean something."""
    last: bytes = b""
    """The last line that says anything."""
    tail: bytes = b""
    """Its last lines, whole: 32 KiB, or all there are."""
    skipped: int = 0
    """Bytes of over-long lines that nobody looked at."""


def glance(
    blocks: Iterable[bytes],
    rules: RuleBook,
    found: Found,
    stream: Origin,
    *,
    before: bytes = b"",
) -> Glance:
    """Look over the clean blocks of one part of ``stream``; memory is bounded by what they mean.

    ``before`` is the last line that said anything before this part, as far as it is known.
    """
    lines = 0
    told: list[Told] = []
    waiting: list[tuple[int, HitLine]] = []
    wordy = b""
    end = _End()
    for block in blocks:
        hits = found(block)
        for line in hit_lines(block, hits):
            if not line.number:
                # The first line of a block stands below the block before.
                above = (last_words(wordy) or before).decode("utf-8", "replace")
                line = replace(line, beside=(above, line.beside[1]))
            waiting.append((lines + line.number, line))
        if len(waiting) >= _TOGETHER:
            told.extend(_judged(waiting, rules, stream))
            waiting.clear()
        lines += _lines(block, hits)
        end.add(block)
        if has_words(block):
            wordy = block
    told.extend(_judged(waiting, rules, stream))
    last = last_words(wordy) or before
    return Glance(lines=lines, told=tuple(told), last=last, tail=end.text())


def _judged(
    waiting: Iterable[tuple[int, HitLine]], rules: RuleBook, stream: Origin
) -> Iterator[Told]:
    for number, line in waiting:
        finding = rules.judge(line.text, line.rules, stream=stream, beside=line.beside)
        if finding is not None:
            yield Told(number, finding)


class _End:
    """The last blocks of a part; cut to whole lines once, when there are no more."""

    __slots__ = ("_blocks", "_size")

    def __init__(self) -> None:
        self._blocks: deque[bytes] = deque()
        self._size = 0

    def add(self, block: bytes) -> None:
        self._blocks.append(block)
        self._size += len(block)
        while self._size - len(self._blocks[0]) >= KEPT_BYTES:
            self._size -= len(self._blocks.popleft())

    def text(self) -> bytes:
        joined = b"".join(self._blocks)
        if len(joined) <= KEPT_BYTES:
            return joined
        return joined[joined.find(b"\n", len(joined) - KEPT_BYTES - 1) + 1 :]


def _lines(block: bytes, hits: Sequence[Hit]) -> int:
    """Return the number of lines; up to the last hit they have been counted."""
    if not hits:
        return count_lines(block)
    return hits[-1].line + count_lines(block[hits[-1].start :])
