"""Files and texts by which an attempt shows that it did its work."""

from collections.abc import Sequence
from pathlib import Path

from supervisor.adapters.results.bounded import Unreadable, opened
from supervisor.adapters.results.choice import written
from supervisor.ports import Look

_BLOCK = 1 << 20
_READ = 1 << 30
"""Bytes of a log in which a marker is looked for."""


def missing_files(look: Look) -> tuple[str, ...]:
    """Return the globs that match no file which has content and was written by the attempt."""
    return tuple(
        pattern for pattern in look.files if not any(map(_size, written((pattern,), look)))
    )


def missing_markers(look: Look) -> tuple[str, ...]:
    """Return the texts that stand in none of the attempt's logs."""
    missing = list(look.markers)
    for path in look.logs:
        if missing:
            missing = _not_in(path, missing)
    return tuple(missing)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _not_in(path: Path, markers: Sequence[str]) -> list[str]:
    wanted = {marker: marker.encode() for marker in markers}
    overlap = max(map(len, wanted.values())) - 1
    try:
        with opened(path) as file:
            before = b""
            for _ in range(_READ // _BLOCK):
                block = file.read(_BLOCK)
                text = before + block
                wanted = {marker: data for marker, data in wanted.items() if data not in text}
                if not block or not wanted:
                    break
                before = text[-overlap:] if overlap else b""
    except (Unreadable, OSError):
        return list(wanted)
    return list(wanted)
