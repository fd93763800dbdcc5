"""One part of a text, looked over: what is left of it once each line was judged by itself.

Parts can be looked over anywhere and in any order; only putting them together needs their order.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from supervisor.core.final import KEPT_BYTES
from supervisor.core.hits import Hit, HitLine, hit_lines
from supervisor.core.lines import count_lines, last_words
from supervisor.core.models import Origin
from supervisor.core.rules import Finding, RuleBook

_HEAD = 400
"""So many bytes of the line above tell what sort of line it is."""

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
    seen = Glance(last=before)
    told: list[Told] = []
    for block in blocks:
        hits = found(block)
        told.extend(
            Told(seen.lines + line.number, finding)
            for line in hit_lines(block, hits)
            if (
                finding := rules.judge(
                    line.text, line.rules, stream=stream, beside=_beside(line, seen.last)
                )
            )
            is not None
        )
        seen = Glance(
            lines=seen.lines + _lines(block, hits),
            last=last_words(block) or seen.last,
            tail=_tail(seen.tail, block),
        )
    return replace(seen, told=tuple(told))


def _beside(line: HitLine, before: bytes) -> tuple[str, str]:
    """Return the lines around ``line``; the first of a block stands below the block before."""
    above, below = line.beside
    return (above if line.number else before[:_HEAD].decode("utf-8", "replace"), below)


def _lines(block: bytes, hits: Sequence[Hit]) -> int:
    """Return the number of lines; up to the last hit they have been counted."""
    if not hits:
        return count_lines(block)
    return hits[-1].line + count_lines(block[hits[-1].start :])


def _tail(tail: bytes, block: bytes) -> bytes:
    joined = block if len(block) >= KEPT_BYTES else tail + block
    if len(joined) <= KEPT_BYTES:
        return joined
    return joined[joined.find(b"\n", len(joined) - KEPT_BYTES - 1) + 1 :]
