"""A container engine behind ``ssh://``: a socket of this machine whose other end is over there."""

import asyncio
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

_CHUNK = 64 * 1024
_SAID_S = 1.0


class Tunnel:
    """Listens on a private socket; each connection becomes ``ssh HOST docker system dial-stdio``.

    That is what Docker's own command line does: no port is opened, and keys, jumps and names are those of
    the user's ssh. It never asks for a password.
    """

    def __init__(self, url: str, *, ssh: str = "ssh") -> None:
        self._command = (ssh, *ssh_words(url))
        self._place: Path | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[object]] = set()
        self.trouble = ""
        """What ssh said last, where it could not or would not bring us there."""

    async def open(self) -> str:
        """Begin to listen; return the socket's path."""
        self._place = Path(tempfile.mkdtemp(prefix="overnight-ssh-"))
        path = str(self._place / "docker.sock")
        self._server = await asyncio.start_unix_server(self._serve, path)
        return path

    async def close(self) -> None:
        """Listen no longer and end every connection."""
        if self._server is not None:
            self._server.close()
        for task in self._serving:
            task.cancel()
        if self._serving:
            await asyncio.wait(self._serving)
        if self._place is not None:
            shutil.rmtree(self._place, ignore_errors=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None:
            raise AssertionError("a server's connections are tasks")
        self._serving.add(task)
        # Cancelled by the end of the tunnel or of the program alone: nobody asks how it ended, and
        # asyncio would print a traceback.
        with suppress(asyncio.CancelledError):
            await self._relay(reader, writer)
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        self._serving.discard(task)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        pipe = asyncio.subprocess.PIPE
        try:
            there = await asyncio.create_subprocess_exec(
                *self._command, stdin=pipe, stdout=pipe, stderr=pipe
            )
        except OSError as error:
            self.trouble = f"{self._command[0]}: {error.strerror}"
            return
        try:
            if there.stdin is None or there.stdout is None or there.stderr is None:
                raise AssertionError("asked for pipes, got none")
            async with asyncio.TaskGroup() as group:
                to = group.create_task(_send(reader, there.stdin), name="ssh: to")
                said = group.create_task(_last_line(there.stderr), name="ssh: said")
                await _copy(there.stdout, writer)
                # A master connection that ssh leaves behind keeps its standard error open.
                await asyncio.wait([said], timeout=_SAID_S)
                self.trouble = said.result() if said.done() else ""
                _end(writer)
                to.cancel()
                said.cancel()
        finally:
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


async def _send(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    await _copy(source, sink)
    _end(sink)


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, BrokenPipeError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()


def _end(sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        sink.write_eof()


async def _last_line(source: asyncio.StreamReader) -> str:
    """Return the last line that says something, once all was said."""
    last = ""
    async for line in source:
        last = line.decode("utf-8", "replace").strip() or last
    return last
