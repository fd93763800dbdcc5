"""An engine in another process, spoken to over its socket with asyncio streams alone."""

import asyncio
import json
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from supervisor.core.board import API, Board, Change
from supervisor.core.codec import encode, loads
from supervisor.core.names import Stream
from supervisor.ipc.wire import API_HEADER, OFFSET_HEADER, SIZE_HEADER, head_of, request, target
from supervisor.ports import (
    Answer,
    Arrival,
    EngineGoneError,
    EngineTooNewError,
    Hits,
    LogWindow,
    NoSuchContainerError,
    NoSuchTaskError,
    SupervisorError,
)

if TYPE_CHECKING:
    from supervisor.core.intents import Intent
    from supervisor.core.machine import Resources
    from supervisor.core.night import Timeline
    from supervisor.core.task_page import TaskPage
    from supervisor.ports.containers import Described

_CONNECT_S = 10.0


class SocketEngine:
    """The EngineApi of the engine that listens at ``path``. Each call is one connection."""

    def __init__(self, path: str, cure: Callable[[], str] = str) -> None:
        """``cure`` is asked when nobody answers: see ``EngineGoneError``."""
        self._path = path
        self._cure = cure

    async def snapshot(self) -> Board:
        """Return the whole picture."""
        _, body = await self._get("/v1/board")
        return replace(loads(Board, body), connected=True)

    async def changes(self) -> AsyncGenerator[Change, None]:
        """Yield the whole board first, then what changed; ends when the engine ends in order."""
        async with self._line() as (reader, writer):
            await _ask(writer, request("GET", "/v1/changes"))
            await _opened(reader)
            rest = b""
            while chunk := await _chunk(reader):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    yield loads(Change, line)

    async def settled(self) -> None:
        """Return once the batch is over, or its engine ends, and the files of the batch say so."""
        await self._get("/v1/wait")

    async def submit(self, intent: "Intent", who: str) -> Answer:
        """Hand over an intent; returns once it is durable, with what came of it."""
        body = json.dumps({"intent": encode(intent), "who": who}).encode()
        _, answer = await self._exchange(request("POST", "/v1/intents", body))
        return loads(Answer, answer)

    async def why(self, task: str) -> tuple[str, ...]:
        """Explain what the task waits for, and every decision about it so far."""
        _, body = await self._get("/v1/why", task=task)
        return tuple(json.loads(body)["why"])

    async def task(self, task: str) -> "TaskPage":
        """Return all that is known of a task."""
        from supervisor.core.task_page import TaskPage as Found

        _, body = await self._get("/v1/task", task=task)
        return loads(Found, body)

    async def standing(self, task: str) -> Mapping[str, object]:
        """Return whether the limits of a task hold it back."""
        _, body = await self._get("/v1/standing", task=task)
        document: dict[str, object] = json.loads(body)
        return document

    async def failed(self) -> Sequence[Mapping[str, object]]:
        """Return the documents of ``failed --json``."""
        _, body = await self._get("/v1/failed")
        documents: list[dict[str, object]] = json.loads(body)
        return documents

    async def report(self) -> str:
        """Return the report of the batch as of now, in Markdown."""
        _, body = await self._get("/v1/report")
        return body.decode("utf-8", "replace")

    async def search(
        self, task: str, attempt: int | None, stream: Stream, text: str, offset: int, *, regex: bool
    ) -> Hits:
        """Find lines of a log from ``offset`` on, as far as one search goes."""
        which = {} if attempt is None else {"attempt": str(attempt)}
        asked = {"task": task, "stream": stream, "text": text, "offset": str(offset), **which}
        _, body = await self._get("/v1/search", **asked, regex="1" if regex else "")
        return loads(Hits, body)

    async def arrivals(self, task: str, attempt: int | None, stream: Stream) -> Sequence[Arrival]:
        """Return when a log grew, oldest first."""
        which = {} if attempt is None else {"attempt": str(attempt)}
        _, body = await self._get("/v1/arrivals", task=task, stream=stream, **which)
        return [Arrival(offset=at[0], at=at[1], late=at[2]) for at in json.loads(body)]

    async def timeline(self, slices: int) -> "Timeline":
        """Return the night so far, cut into ``slices`` equal parts."""
        from supervisor.core.night import Timeline as Night

        _, body = await self._get("/v1/timeline", slices=str(slices))
        return loads(Night, body)

    async def resources(self) -> "Resources":
        """Return what the machine has and what is used of it."""
        from supervisor.core.machine import Resources as Found

        _, body = await self._get("/v1/resources")
        return loads(Found, body)

    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        """Read ``size`` bytes of a log at ``offset``; negative counts from the end."""
        which = {} if attempt is None else {"attempt": str(attempt)}
        headers, body = await self._get(
            "/v1/log", task=task, stream=stream, offset=str(offset), size=str(size), **which
        )
        return LogWindow(
            offset=int(headers[OFFSET_HEADER.lower()]),
            size=int(headers[SIZE_HEADER.lower()]),
            data=body,
        )

    async def describe(self, container: str, lines: int) -> "Described":
        """Return one container in full."""
        from supervisor.ports.containers import Described

        try:
            _, body = await self._get("/v1/describe", container=container, lines=str(lines))
        except NoSuchTaskError as error:
            raise NoSuchContainerError(404, str(error)) from error
        return loads(Described, body)

    async def leftovers(self) -> Mapping[str, object]:
        """Return what attempts that are over left with the container engine."""
        _, body = await self._get("/v1/leftovers")
        document: dict[str, object] = json.loads(body)
        return document

    async def _get(self, path: str, **query: str) -> tuple[dict[str, str], bytes]:
        return await self._exchange(request("GET", target(path, query)))

    async def _exchange(self, message: bytes) -> tuple[dict[str, str], bytes]:
        """Send one request and return headers and body of its response."""
        async with self._line() as (reader, writer):
            await _ask(writer, message)
            headers = await _opened(reader)
            return headers, await _body(reader, headers)

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[tuple[StreamReader, StreamWriter], None]:
        """Connect, and close whatever happens."""
        try:
            async with asyncio.timeout(_CONNECT_S):
                reader, writer = await asyncio.open_unix_connection(self._path)
        except (OSError, TimeoutError) as error:
            words = f"no engine answers at {self._path}: {error}"
            raise EngineGoneError(words, self._cure()) from error
        try:
            yield reader, writer
        except (ConnectionError, IncompleteReadError) as error:
            raise EngineGoneError("the engine closed the line") from error
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _ask(writer: StreamWriter, message: bytes) -> None:
    writer.write(message)
    await writer.drain()


async def _opened(reader: StreamReader) -> dict[str, str]:
    """Read the head of a response and return its headers; a refusal raises."""
    raw = await reader.readuntil(b"\r\n\r\n")
    status, headers = head_of(raw[:-4])
    _check_version(headers.get(API_HEADER.lower()))
    if status == 200:
        return headers
    words = (await _body(reader, headers)).decode("utf-8", "replace")
    if status == 404:
        raise NoSuchTaskError(words)
    if status == 503:
        raise EngineGoneError(words)
    raise SupervisorError(words or f"the engine answered {status}")


def _check_version(spoken: str | None) -> None:
    """Refuse an engine of another version, and say the way out."""
    if spoken != str(API):
        raise EngineTooNewError(
            f"the engine speaks version {spoken or 'unknown'} of the protocol, this command"
            f" version {API}: overnight stop --leave-running, then overnight run the batch again"
        )


async def _body(reader: StreamReader, headers: dict[str, str]) -> bytes:
    """Read a whole body."""
    if "content-length" in headers:
        return await reader.readexactly(int(headers["content-length"]))
    return b"".join([chunk async for chunk in _chunks(reader)])


async def _chunks(reader: StreamReader) -> AsyncGenerator[bytes, None]:
    while chunk := await _chunk(reader):
        yield chunk


async def _chunk(reader: StreamReader) -> bytes:
    """Read one chunk of a chunked body; empty: it ended in good order."""
    size = int((await reader.readuntil(b"\r\n")).strip(), 16)
    data = await reader.readexactly(size + 2)
    return data[:-2]
