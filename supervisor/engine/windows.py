"""Pieces of log files for clients, with secrets masked and offsets kept."""

import os
from pathlib import Path

from supervisor.core.redact import redact
from supervisor.ports import LogWindow

MOST_BYTES = 1 << 20
_AROUND = 4096
"""Read beside the window, so that a secret cut by its edge is still known as one."""


def window(path: Path, offset: int, size_bytes: int) -> LogWindow:
    """Read at most 1 MiB at ``offset`` (negative: from the end); a missing file is an empty one."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return LogWindow(offset=0, size=0, data=b"")
    try:
        length = os.fstat(descriptor).st_size
        start = min(offset if offset >= 0 else max(length + offset, 0), length)
        wanted = max(0, min(size_bytes, MOST_BYTES, length - start))
        before = min(_AROUND, start)
        raw = os.pread(descriptor, before + wanted + _AROUND, start - before)
    finally:
        os.close(descriptor)
    return LogWindow(offset=start, size=length, data=masked(raw)[before : before + wanted])


def masked(raw: bytes) -> bytes:
    """Return ``raw`` with secrets overwritten and every line as long as it was."""
    return b"".join(_masked_line(line) for line in raw.splitlines(keepends=True))


def _masked_line(line: bytes) -> bytes:
    text = line.decode("utf-8", "surrogateescape")
    clean = redact(text)
    if clean == text:
        return line
    ending = line[len(line.rstrip(b"\r\n")) :]
    body = clean.rstrip("\r\n").encode("utf-8", "surrogateescape")
    return body[: len(line) - len(ending)].ljust(len(line) - len(ending)) + ending
