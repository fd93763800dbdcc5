"""Look a huge file over with all processors: each process takes regions that begin at a line.

Threads would not do: Python's lock is held while a line is judged.
"""

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from supervisor.core.glance import Glance, glance
from supervisor.core.lines import LineReader
from supervisor.core.rules import RuleBook
from supervisor.ports import Scanner

REGION_BYTES = 8 << 20
_PIECE = 64 * 1024
"""Bytes read and scanned at once: they stay in the nearest cache while they are."""


@dataclass(frozen=True, slots=True)
class Looker:
    """Looks regions of a file over; what a child process gets by being forked."""

    path: Path
    rules: RuleBook
    scanner: Scanner

    def region(self, bounds: tuple[int, int]) -> Glance:
        """Return what is left of the lines that begin in ``bounds``: the first byte, and one beyond."""
        reader = LineReader(self.scanner.has_controls)
        blocks = self._blocks(reader, *bounds)
        part = glance(blocks, self.rules, self.scanner.scan, "stderr")
        return replace(part, skipped=reader.skipped) if reader.skipped else part

    def _blocks(self, reader: LineReader, start: int, stop: int) -> Iterator[bytes]:
        for piece in _pieces(self.path, start, stop):
            if block := reader.feed(piece):
                yield block
        if block := reader.flush():
            yield block


def glances(
    looker: Looker, *, workers: int, told: Callable[[int], None] = lambda _bytes: None
) -> Generator[Glance, None, None]:
    """Yield the parts of the file in order; ``told`` hears up to which byte it has been read.

    A small file, or one processor, needs no other process.
    """
    size = looker.path.stat().st_size
    regions = [(start, min(start + REGION_BYTES, size)) for start in range(0, size, REGION_BYTES)]
    with ExitStack() as stack:
        parts = _looked_over(looker, regions, workers, stack)
        for (_, stop), part in zip(regions, parts, strict=True):
            told(stop)
            yield part


def _looked_over(
    looker: Looker, regions: Sequence[tuple[int, int]], workers: int, stack: ExitStack
) -> Iterator[Glance]:
    if workers < 2 or len(regions) < 2:
        return map(looker.region, regions)
    global _forked
    _forked = looker
    # Forked, not started anew: rules, patterns and the compiled database are there already.
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("fork"))
    stack.callback(pool.shutdown, cancel_futures=True)
    return pool.map(_region_in_child, regions)


_forked: Looker | None = None


def _region_in_child(bounds: tuple[int, int]) -> Glance:
    assert _forked is not None
    return _forked.region(bounds)


def _pieces(path: Path, start: int, stop: int) -> Iterator[bytes]:
    """Yield the bytes of the lines that begin in the region, however far the last of them goes."""
    with path.open("rb", buffering=0) as file:
        # A line that begins exactly at ``start`` is ours: the byte before it ends another one.
        at = max(0, start - 1)
        file.seek(at)
        aligned = start == 0
        while data := file.read(_PIECE):
            at += len(data)
            if not aligned:
                begin = data.find(b"\n") + 1
                if not begin:
                    if at >= stop:
                        return
                    continue
                if at - len(data) + begin >= stop:
                    return
                data, aligned = data[begin:], True
            if at >= stop:
                # One newline at or behind the region's last byte ends its last line.
                end = data.find(b"\n", max(0, stop - 1 - (at - len(data))))
                if end >= 0:
                    yield data[: end + 1]
                    return
            yield data


def processors() -> int:
    """Return how many processes may run at once here."""
    return len(os.sched_getaffinity(0))
