"""Members of a zip file with zstd inside (method 93), as inspect_ai writes its ``.eval`` logs.

Only the directory is read by ``zipfile``: it knows zstd from Python 3.14 on, and what it unpacks at
once is not bounded. A member is unpacked here, up to a limit.
"""

import os
import sys
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from supervisor.adapters.results.bounded import LARGEST, Unreadable, opened

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_LOCAL_HEADER = 30
_LARGEST_DIRECTORY = 64 << 20
_TAIL = 65_557
"""The record at the end of a zip file, with the longest comment it may have."""
_WINDOW_LOG = 26
"""What unpacking may remember: 64 MiB; the usual is 2."""


class Archive:
    """A zip file, open. Half-written ones have no directory, which says that they are not done."""

    def __init__(self, path: Path) -> None:
        """Read the directory.

        Raises:
            Unreadable: there is none yet, or it is damaged.
        """
        self._path = path
        self._file = opened(path)
        try:
            self._members = _directory(self._file, path)
        except BaseException:
            self._file.close()
            raise

    def __enter__(self) -> Self:
        """Return the archive."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close the file."""
        self._file.close()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all members, in the order in which they were written."""
        return tuple(self._members)

    def member(self, name: str, limit: int = LARGEST) -> bytes:
        """Return what member ``name`` holds.

        Raises:
            Unreadable: it is not there, holds more than ``limit`` bytes, or is damaged.
        """
        info = self._members.get(name)
        if info is None:
            raise Unreadable(f"{self._path}: has no {name}")
        if max(info.file_size, info.compress_size) > limit:
            raise Unreadable(f"{self._path}: {name} is larger than {limit >> 20} MiB")
        try:
            data = _unpacked(self._packed(info), info.compress_type, info.file_size + 1)
        except (OSError, zlib.error, zstd.ZstdError, EOFError) as error:
            raise Unreadable(f"{self._path}: {name} is damaged ({error})") from error
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise Unreadable(f"{self._path}: {name} is damaged")
        return data

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        self._file.seek(info.header_offset)
        header = self._file.read(_LOCAL_HEADER)
        if len(header) < _LOCAL_HEADER or header[:4] != b"PK\x03\x04":
            raise EOFError("no member begins there")
        name, extra = (int.from_bytes(header[at : at + 2], "little") for at in (26, 28))
        self._file.seek(name + extra, os.SEEK_CUR)
        return self._file.read(info.compress_size)


def _unpacked(data: bytes, method: int, limit: int) -> bytes:
    match method:
        case zipfile.ZIP_STORED:
            return data
        case zipfile.ZIP_DEFLATED:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, limit)
        case 93:  # Zstandard, since version 6.3.7 of the format's description
            options: dict[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
            return zstd.ZstdDecompressor(options=options).decompress(data, limit)
        case _:
            raise EOFError(f"packed by method {method}")


def _directory(file: BinaryIO, path: Path) -> dict[str, zipfile.ZipInfo]:
    size = os.fstat(file.fileno()).st_size
    file.seek(max(0, size - _TAIL))
    end = file.read(_TAIL)
    at = end.rfind(b"PK\x05\x06")
    if at < 0:
        raise Unreadable(f"{path}: is half written")
    bytes_of_directory = int.from_bytes(end[at + 12 : at + 16], "little")
    if (large := end.rfind(b"PK\x06\x06", 0, at)) >= 0:
        bytes_of_directory = int.from_bytes(end[large + 40 : large + 48], "little")
    if bytes_of_directory > min(size, _LARGEST_DIRECTORY):
        raise Unreadable(f"{path}: has too many members")
    try:
        with zipfile.ZipFile(file) as archive:
            return {info.filename: info for info in archive.infolist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise Unreadable(f"{path}: is half written or damaged ({error})") from error
