"""Saves what explains a container before it is ended: its own error file, last output, inspection."""

import asyncio
import io
import json
import os
import tarfile
import zlib
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from supervisor.adapters.docker.client import Docker, Params
from supervisor.core.places import INSIDE, encoded
from supervisor.core.redact import MARK, redact
from supervisor.ports.containers import Described
from supervisor.ports.errors import (
    DaemonRefusedError,
    DaemonUnreachableError,
    NoSuchContainerError,
    SupervisorError,
)

ERROR_FILES = ("/workspace/error.log",)
"""Where HAL's runner leaves what its agent failed with; it is lost with the container."""
_EACH_S = 10.0
_LINES = 2000
_LARGEST = 4 << 20
_LOOKED_AT = 64 << 20
"""What is packed may grow a thousandfold."""
_PIECE = 1 << 14


async def save(
    docker: Docker,
    id_: str,
    told: Mapping[str, Any],
    keep: Path,
    files: Sequence[str] = ERROR_FILES,
) -> tuple[tuple[Path, ...], str]:
    """Save error files, last output and the inspection ``told`` below ``keep``; return what was saved.

    Each takes 10 s at most. With it comes, in one line, what could not be saved; it keeps nobody.
    """
    name = str(told.get("Name") or id_).lstrip("/")
    place = keep / encoded(name)
    tty = bool(cast("Mapping[str, Any]", told.get("Config") or {}).get("Tty"))
    wanted: list[tuple[str, Callable[[], Awaitable[bytes]]]] = [
        *((f"{INSIDE}/{Path(path).name}", _reader(docker, id_, path)) for path in files),
        ("output.log", lambda: _output(docker, id_, tty=tty)),
        ("inspect.json", lambda: _inspection(told)),
    ]
    saved: list[Path] = []
    troubles: list[str] = []
    for file, read in wanted:
        try:
            async with asyncio.timeout(_EACH_S):
                data = await read()
            await asyncio.to_thread(_write, place / file, data)
            saved.append(place / file)
        except NoSuchContainerError:
            continue  # it has no such file
        except (SupervisorError, OSError, TimeoutError) as error:
            troubles.append(f"{Path(file).name}: {str(error) or 'took too long'}")
    return tuple(saved), "; ".join(troubles)


def masked(told: Mapping[str, Any]) -> str:
    """Return an inspection as text, without the values of its environment."""
    config = dict(cast("Mapping[str, Any]", told.get("Config") or {}))
    env = cast("Sequence[str] | None", config.get("Env"))
    config["Env"] = [f"{one.partition('=')[0]}={MARK}" for one in env or ()]
    return redact(json.dumps({**told, "Config": config}, indent=1, ensure_ascii=False))


async def describe(docker: Docker, id_: str, lines: int, files: Sequence[str]) -> Described:
    """See ``Containers.describe``."""
    told: Mapping[str, Any] = await docker.get(f"containers/{id_}/json")
    tty = bool(cast("Mapping[str, Any]", told.get("Config") or {}).get("Tty"))
    said = [_text(await output(docker, id_, lines=lines, tty=tty))]
    for path in files:
        try:
            text = _text(await _reader(docker, id_, path)())
        except (DaemonRefusedError, DaemonUnreachableError):
            continue  # it has no such file, or none that can be read
        said += [f"--- {path}", *text.rstrip().split("\n")[-lines:]]
    return Described(inspection=masked(told), output=redact("\n".join(said).lstrip("\n")))


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


async def output(docker: Docker, id_: str, *, lines: int, tty: bool) -> bytes:
    """Return the last lines a container wrote, both streams together, 4 MiB at most.

    Raises:
        DaemonUnreachableError: no answer.
        NoSuchContainerError: it is gone.
    """
    params: Params = {"stdout": True, "stderr": True, "tail": lines}
    data = await _bounded(docker, f"containers/{id_}/logs", params)
    return data if tty else bytes(_joined(data))


async def _inspection(told: Mapping[str, Any]) -> bytes:
    return masked(told).encode()


async def _output(docker: Docker, id_: str, *, tty: bool) -> bytes:
    return await output(docker, id_, lines=_LINES, tty=tty)


def _reader(docker: Docker, id_: str, path: str) -> Callable[[], Awaitable[bytes]]:
    async def read() -> bytes:
        packed = await _bounded(docker, f"containers/{id_}/archive", {"path": path})
        return await asyncio.to_thread(_unpacked, packed)

    return read


async def _bounded(docker: Docker, path: str, params: Params) -> bytes:
    """Return what the engine sends, cut where it becomes too much to keep."""
    kept = bytearray()
    async for piece in _pieces(docker, path, params):
        kept += piece
        if len(kept) >= _LARGEST:
            break
    return bytes(kept)


async def _pieces(docker: Docker, path: str, params: Params) -> AsyncGenerator[bytes, None]:
    async with docker.stream("GET", path, params) as body:
        while piece := await body.read(_PIECE):
            yield piece


def _joined(data: bytes) -> bytearray:
    """Undo the frames in which the engine sends two streams as one: 8 bytes, the last 4 its length.

    https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerAttach
    """
    joined, at = bytearray(), 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at + 4 : at + 8], "big")
        joined += data[at + 8 : at + 8 + length]
        at += 8 + length
    return joined


def _unpacked(archive: bytes) -> bytes:
    """Return the one file of an archive, packed or not; of a long one the end, which tells most."""
    kept = deque[bytes](maxlen=_LARGEST // _PIECE)
    read = 0
    with (
        suppress(EOFError, zlib.error, tarfile.ReadError),  # it was cut where it became too long
        tarfile.open(fileobj=io.BytesIO(archive), mode="r|*") as tar,
    ):
        for member in tar:
            if (file := tar.extractfile(member)) is not None:
                while read < _LOOKED_AT and (piece := file.read(_PIECE)):
                    read += len(piece)
                    kept.append(piece)
                return b"".join(kept)
    if not kept:
        raise DaemonUnreachableError("it is no file that can be read")
    return b"".join(kept)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
