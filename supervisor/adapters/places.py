"""How far files were read: what is new in one that grows, is rewritten, rotated or replaced."""

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from supervisor.core.globs import fixed_part, matcher
from supervisor.ports.sources import Piece

AT_ONCE = 4 << 20
AGAIN = 64 * 1024
"""Of a file that was never looked at before so much is read, from its end."""
MOST_ENTRIES = 20_000
_BEFORE = 64
"""Bytes before the place that must still be the same; else the file was written anew."""
_CLOCK_STEP_S = 0.02
"""The kernel stamps files by a clock that lags behind by a tick or two."""


@dataclass(frozen=True, slots=True)
class _Place:
    inode: int
    offset: int
    modified_ns: int
    before: bytes


class Places:
    """Remembers for each file up to where it was read; not for several threads at once."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}

    def pass_over(self, patterns: Collection[str], since: float) -> None:
        """Take note of what files hold that were last written before ``since``: all that is old."""
        for path, facts in _matching(patterns):
            if path not in self._places and not _is_since(facts, since):
                self._places[path] = _Place(
                    facts.st_ino, facts.st_size, facts.st_mtime_ns, _end_of(path, facts.st_size)
                )

    def unread(self, patterns: Collection[str], since: float) -> list[str]:
        """Return the files written since then of which something was not read, oldest first."""
        return self._unread(_matching(patterns), since)

    def unread_below(self, folder: str, patterns: Collection[str], since: float) -> list[str]:
        """Return those of them that lie below ``folder``."""
        found = ((pattern, folder) for pattern in patterns)
        return self._unread(_matching_below(found), since)

    def read(self, path: str) -> Piece | None:
        """Return what is new in a file, at most the last 4 MiB of it."""
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError:
            self._places.pop(path, None)
            return None
        try:
            facts = os.fstat(descriptor)
            if not stat.S_ISREG(facts.st_mode) or self._is_known(path, facts):
                return None
            return self._read(path, descriptor, facts)
        finally:
            os.close(descriptor)

    def forget(self, path: str) -> None:
        """The file is gone."""
        self._places.pop(path, None)

    def _unread(self, files: Iterable[tuple[str, os.stat_result]], since: float) -> list[str]:
        unread = {
            path: facts.st_mtime_ns
            for path, facts in files
            if _is_since(facts, since) and not self._is_known(path, facts)
        }
        return sorted(unread, key=lambda path: (unread[path], path))

    def _read(self, path: str, descriptor: int, facts: os.stat_result) -> Piece | None:
        whole = path.endswith(".json") and facts.st_size <= AT_ONCE
        known = None if whole else self._continued(path, descriptor, facts)
        if known is not None:
            start = known
        else:
            start = 0 if whole or path in self._places else max(0, facts.st_size - AGAIN)
        begin = max(start, facts.st_size - AT_ONCE)
        data = os.pread(descriptor, facts.st_size - begin, begin)
        end = begin + len(data)
        before = os.pread(descriptor, _BEFORE, max(0, end - _BEFORE))
        self._places[path] = _Place(facts.st_ino, end, facts.st_mtime_ns, before)
        if not data:
            return None
        if begin > 0 and begin != known:
            data = data[data.find(b"\n") + 1 :]
        return Piece(
            path=path,
            data=data,
            modified_at=facts.st_mtime,
            begins=begin != known,
            whole=whole,
        )

    def _continued(self, path: str, descriptor: int, facts: os.stat_result) -> int | None:
        """Return where to read on; None: it is another file, or was written anew."""
        place = self._places.get(path)
        if place is None or place.inode != facts.st_ino or facts.st_size < place.offset:
            return None
        start = max(0, place.offset - _BEFORE)
        same = os.pread(descriptor, place.offset - start, start) == place.before
        return place.offset if same else None

    def _is_known(self, path: str, facts: os.stat_result) -> bool:
        place = self._places.get(path)
        return (
            place is not None
            and place.inode == facts.st_ino
            and place.offset == facts.st_size
            and place.modified_ns == facts.st_mtime_ns
        )


def _is_since(facts: os.stat_result, since: float) -> bool:
    """Some file systems know whole seconds only."""
    step_s = 1.0 if facts.st_mtime_ns % 1_000_000_000 == 0 else _CLOCK_STEP_S
    return facts.st_mtime >= since - step_s


def _matching(patterns: Collection[str]) -> Iterator[tuple[str, os.stat_result]]:
    return _matching_below((pattern, fixed_part(pattern)) for pattern in patterns)


def _matching_below(places: Iterable[tuple[str, str]]) -> Iterator[tuple[str, os.stat_result]]:
    for pattern, folder in places:
        fits = matcher(pattern)
        for entry in _files_below(folder):
            if fits.fullmatch(entry.path):
                try:
                    facts = entry.stat()
                except OSError:
                    continue
                if stat.S_ISREG(facts.st_mode):
                    yield entry.path, facts


def _files_below(root: str) -> Iterator["os.DirEntry[str]"]:
    """Yield what is below ``root``, links followed once; no more than so many entries."""
    left = MOST_ENTRIES
    seen: set[tuple[int, int]] = set()
    folders = [root]
    while folders and left > 0:
        for entry in _entries(folders.pop(), seen):
            left -= 1
            if entry.is_dir():
                folders.append(entry.path)
            else:
                yield entry


def _entries(folder: str, seen: set[tuple[int, int]]) -> list["os.DirEntry[str]"]:
    try:
        facts = os.stat(folder)  # noqa: PTH116 - beside scandir
        if (facts.st_dev, facts.st_ino) in seen:
            return []
        seen.add((facts.st_dev, facts.st_ino))
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _end_of(path: str, size: int) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError:
        return b""
    try:
        return os.pread(descriptor, min(size, _BEFORE), max(0, size - _BEFORE))
    finally:
        os.close(descriptor)
