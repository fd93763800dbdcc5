"""Writes zip files with zstd inside, as inspect_ai does; zipfile knows zstd only from 3.14 on."""

import json
import struct
import sys
import zlib
from collections.abc import Mapping
from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_ZSTD, _VERSION = 93, 63


def write(path: Path, members: Mapping[str, object], *, method: int = _ZSTD) -> None:
    """Write ``members``; bytes as they are, anything else as JSON."""
    body, directory = b"", b""
    for name, value in members.items():
        data = value if isinstance(value, bytes) else json.dumps(value).encode()
        packed = zstd.compress(data) if method == _ZSTD else data
        facts = struct.pack(
            "<HHHHHIIIHH",
            *(_VERSION, 0, method, 0, 33, zlib.crc32(data), len(packed), len(data)),
            *(len(name), 0),
        )
        head = b"PK\x03\x04" + facts + name.encode()
        directory += b"PK\x01\x02" + struct.pack("<H", _VERSION) + facts
        directory += struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name.encode()
        body += head + packed
    count = len(members)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(body), 0)
    path.write_bytes(body + directory + b"PK\x05\x06" + end)
