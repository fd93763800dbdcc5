"""A container engine behind ``ssh://``: a socket of this machine whose other end is over there."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 64 * 1024


class Tunnel:
    """Listens on a private socket; each connection becomes ``ssh HOST docker system dial-stdio``.

    That is what Docker's own command line does: no port is opened, and keys, jumps and names are those of
    the user's ssh. It never asks for a password.
    """

    def __init__(self, url: str, *, ssh: str = "ssh") -> None:
        self._command = (ssh, *ssh_words(url))
        self._place: Path | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Begin to listen; return the socket's path."""
        self._place = Path(tempfile.mkdtemp(prefix="overnight-ssh-"))
        path = str(self._place / "docker.sock")
        self._server = await asyncio.start_unix_server(self._serve, path)
        return path

    def close(self) -> None:
        """Listen no longer; connections end with the tunnel's user."""
        if self._server is not None:
            self._server.close()
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pipe = asyncio.subprocess.PIPE
        there = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL
        )
        try:
            if there.stdin is None or there.stdout is None:
                raise AssertionError("asked for pipes, got none")
            async with asyncio.TaskGroup() as group:
                to = group.create_task(_copy(reader, there.stdin), name="ssh: to")
                await _copy(there.stdout, writer)
                to.cancel()
        finally:
            writer.close()
            with suppress(ProcessLookupError):
                there.kill()
            await there.wait()


def ssh_words(url: str) -> tuple[str, ...]:
    """Return the arguments of ssh that reach the engine of ``ssh://[user@]host[:port][/socket]``."""
    parts = urlsplit(url)
    words = ["-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=20"]
    if parts.username:
        words += ["-l", parts.username]
    if parts.port:
        words += ["-p", str(parts.port)]
    words += ["--", parts.hostname or "", "docker"]
    if parts.path.strip("/"):
        words += ["--host", f"unix://{parts.path}"]
    return (*words, "system", "dial-stdio")


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, BrokenPipeError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
    with suppress(ConnectionError, BrokenPipeError, OSError):
        sink.write_eof()
