"""Reads files that somebody else writes: regular ones only, never waiting, never more than allowed."""

import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from supervisor.core.lines import clean
from supervisor.core.redact import redact

LARGEST = 16 << 20
"""Bytes of one JSON text that are parsed; parsing holds the interpreter's lock all the while."""
_LONGEST_LINE = 8 << 20

Record = Mapping[str, Any]
"""A JSON object as somebody else wrote it: nothing about its values is certain."""


class Unreadable(Exception):  # noqa: N818 - says what the file is
    """The file is torn, too large or not what its name says; the text tells which."""


def opened(path: Path) -> BinaryIO:
    """Return the regular file ``path`` open for reading; a pipe or device never makes us wait.

    Raises:
        Unreadable: it is none, or cannot be opened.
    """
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise Unreadable(f"{path}: is no regular file")
    return os.fdopen(fd, "rb")


def whole(path: Path, limit: int = LARGEST) -> bytes:
    """Return all of ``path``.

    Raises:
        Unreadable: it has more than ``limit`` bytes, or cannot be read.
    """
    data = head(path, limit + 1)
    if len(data) > limit:
        raise Unreadable(f"{path}: is larger than {limit >> 20} MiB")
    return data


def head(path: Path, limit: int) -> bytes:
    """Return the first ``limit`` bytes of ``path``, or all.

    Raises:
        Unreadable: it cannot be read.
    """
    with opened(path) as file:
        return _read(file, limit)


def tail(path: Path, limit: int) -> bytes:
    """Return the last ``limit`` bytes of ``path``, or all.

    Raises:
        Unreadable: it cannot be read.
    """
    with opened(path) as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - limit))
        return _read(file, limit)


def lines(path: Path, limit: int) -> Iterator[bytes]:
    """Yield the whole lines of ``path``; an over-long one is left out, an unfinished one too.

    Raises:
        Unreadable: it has more than ``limit`` bytes, or cannot be read.
    """
    with opened(path) as file:
        if os.fstat(file.fileno()).st_size > limit:
            raise Unreadable(f"{path}: is larger than {limit >> 20} MiB")
        rest_of_long = False
        while line := file.readline(_LONGEST_LINE):
            ended = line.endswith(b"\n")
            if ended and not rest_of_long:
                yield line
            rest_of_long = not ended


def parsed(data: bytes, name: str) -> object:
    """Return the JSON value in ``data``; ``name`` is said when there is none.

    Raises:
        Unreadable: it is torn or no JSON.
    """
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"{name}: is half written or no JSON ({error})") from error


def record(data: bytes, name: str) -> Record:
    """Return the JSON object in ``data``.

    Raises:
        Unreadable: it is torn, no JSON, or something else than an object.
    """
    return as_record(parsed(data, name))


def as_record(value: object) -> Record:
    """Return ``value`` if it is a JSON object, else an empty one."""
    return cast("Record", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """Return ``value`` if it is a JSON list, else an empty one."""
    return cast("list[object]", value) if isinstance(value, list) else []


def as_count(value: object) -> int | None:
    """Return ``value`` if it counts something, else None."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def told(text: object, limit: int) -> str:
    """Return the last lines of a foreign text: clean, redacted, at most ``limit`` characters."""
    if not isinstance(text, str):
        return ""
    # Cut before it is cleaned, at a line's end where there is one: half a secret hides better.
    kept = text[-4 * limit :]
    shown = redact(clean(kept.encode("utf-8", "replace")).decode("utf-8", "replace")).strip()
    if len(shown) <= limit:
        return shown
    _, newline, lines_after = shown[-limit:].partition("\n")
    return lines_after if newline and lines_after.strip() else shown[-limit:]


def _read(file: BinaryIO, limit: int) -> bytes:
    try:
        return file.read(limit)
    except OSError as error:
        raise Unreadable(f"{file.name}: {error.strerror}") from error
