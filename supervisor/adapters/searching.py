"""Searches log files in linear time, a stretch at a time, without reading them into memory."""

import os
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from supervisor.ports import Hits

STRETCH_BYTES = 64 << 20
"""Looked at in one search; the caller shows how far it came and asks for more."""
MOST_LINES = 2000
"""Found in one search."""
_PIECE = 4 << 20

Spans = Callable[[bytes], Iterator[int]]
"""Returns where matches begin in a block."""


class FileSearcher:
    """Finds lines by words, or by regular expressions where the machine has google-re2."""

    def search(self, path: Path, text: str, *, regex: bool, offset: int) -> Hits:
        """Look from ``offset`` on; a missing file is an empty one."""
        try:
            spans = _spans(text, regex=regex)
        except ValueError as error:
            return Hits(lines=(), until=0, size=0, trouble=str(error))
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return Hits(lines=(), until=0, size=0)
        try:
            size = os.fstat(descriptor).st_size
            lines, until = _search(descriptor, spans, max(0, offset), size)
        finally:
            os.close(descriptor)
        return Hits(lines=tuple(lines), until=until, size=size)


def _spans(text: str, *, regex: bool) -> Spans:
    """Return what finds ``text``.

    Raises:
        ValueError: it is no pattern, or no pattern can be searched here.
    """
    cased = text != text.lower()
    wanted = (text if regex else re.escape(text)).encode("utf-8", "replace")
    if (re2 := _linear()) is not None:
        options = re2.Options()
        options.case_sensitive = cased
        options.log_errors = False
        options.encoding = re2.Options.Encoding.LATIN1
        try:
            found = re2.compile(b"(?m)" + wanted, options)
        except re2.error as error:
            raise ValueError(f"no pattern: {_words(error)}") from error
        return lambda block: (match.start() for match in found.finditer(block))
    if regex:
        raise ValueError("patterns need google-re2, which this machine does not have; words do not")
    plain = re.compile(wanted, 0 if cased else re.IGNORECASE)
    return lambda block: (match.start() for match in plain.finditer(block))


def _words(error: Exception) -> str:
    word = error.args[0] if error.args else error
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else str(word)


def _search(descriptor: int, spans: Spans, offset: int, size: int) -> tuple[list[int], int]:
    lines: list[int] = []
    stop = min(size, offset + STRETCH_BYTES)
    while offset < stop:
        block = os.pread(descriptor, _PIECE, offset)
        if not block:
            break
        # A line is looked at whole, unless it is longer than a piece.
        end = block.rfind(b"\n") + 1
        if 0 < end < len(block) and offset + len(block) < size:
            block = block[:end]
        last = -1
        for at in spans(block):
            begin = block.rfind(b"\n", 0, at) + 1
            if begin != last:
                last = begin
                lines.append(offset + begin)
                if len(lines) == MOST_LINES:
                    following = block.find(b"\n", at)
                    return lines, offset + (following + 1 if following >= 0 else len(block))
        offset += len(block)
    return lines, offset


def _linear() -> Any:
    """Return google-re2, which carries no types, or None where there is no wheel."""
    try:
        return import_module("re2")
    except ImportError:
        return None
