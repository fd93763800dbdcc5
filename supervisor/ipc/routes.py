"""The routes of the engine's socket."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import cast

from aiohttp import web

from supervisor.core.board import API, Board, Change
from supervisor.core.codec import ShapeError, decode, dumps, encode
from supervisor.core.container_documents import containers
from supervisor.core.documents import status
from supervisor.core.intents import Intent
from supervisor.core.machine import Resources
from supervisor.core.models import Stream
from supervisor.core.night import Timeline
from supervisor.core.task_page import TaskPage
from supervisor.ipc.wire import API_HEADER, OFFSET_HEADER, SIZE_HEADER
from supervisor.ports import (
    EngineApi,
    EngineGoneError,
    Hits,
    NoSuchContainerError,
    NoSuchTaskError,
    SupervisorError,
)

log = logging.getLogger(__name__)

_STUCK_S = 60.0
"""A reader that takes nothing for so long is dropped; it may come back."""
_MOST_SLICES = 1000
_LARGEST_BODY = 64 * 1024 * 1024

_compact = json.JSONEncoder(separators=(",", ":")).encode

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Routes:
    """Answers HTTP requests out of an EngineApi."""

    def __init__(self, api: EngineApi) -> None:
        self._api = api

    def app(self) -> web.Application:
        """Return the application with every route."""
        app = web.Application(middlewares=[_spoken], client_max_size=_LARGEST_BODY)
        app.add_routes(
            [
                web.get("/v1/status", self.status),
                web.get("/v1/wait", self.wait),
                web.get("/v1/board", self.board),
                web.get("/v1/changes", self.changes),
                web.post("/v1/intents", self.intent),
                web.get("/v1/why", self.why),
                web.get("/v1/task", self.task),
                web.get("/v1/standing", self.standing),
                web.get("/v1/failed", self.failed),
                web.get("/v1/report", self.report),
                web.get("/v1/search", self.search),
                web.get("/v1/arrivals", self.arrivals),
                web.get("/v1/timeline", self.timeline),
                web.get("/v1/resources", self.resources),
                web.get("/v1/log", self.log),
                web.get("/v1/containers", self.containers),
                web.get("/v1/describe", self.describe),
                web.get("/v1/leftovers", self.leftovers),
            ]
        )
        return app

    async def status(self, _: web.Request) -> web.StreamResponse:
        """Answer with the document of ``status --json``."""
        return _json(status(await self._api.snapshot()))

    async def wait(self, _: web.Request) -> web.StreamResponse:
        """Answer, once the batch is over, with the document of ``status --json``."""
        await self._api.settled()
        return _json(status(await self._api.snapshot()))

    async def board(self, _: web.Request) -> web.StreamResponse:
        """Answer with the whole Board."""
        return _json(encode(await self._api.snapshot(), Board))

    async def changes(self, request: web.Request) -> web.StreamResponse:
        """Stream every Change as a line of JSON, the whole board first."""
        response = web.StreamResponse(
            headers={"Content-Type": "application/x-ndjson", API_HEADER: str(API)}
        )
        async with aclosing(self._api.changes()) as changes:
            # The first one before the head is sent: an engine that refuses can still say so.
            first = await anext(changes)
            await response.prepare(request)
            whole = await _sent(response, first) and await _followed(response, changes)
        if not whole and request.transport is not None:
            request.transport.abort()
        return response

    async def intent(self, request: web.Request) -> web.StreamResponse:
        """Hand over ``{"intent", "who"}`` and answer with what came of it."""
        try:
            plain = json.loads(await request.read())
            intent: Intent = decode(Intent, plain["intent"])
            who = str(plain["who"])
        except (ShapeError, ValueError, KeyError, TypeError) as error:
            raise web.HTTPBadRequest(text=f"no intent: {error}") from error
        answer = await self._api.submit(intent, who)
        return _json(encode(answer, type(answer)))

    async def why(self, request: web.Request) -> web.StreamResponse:
        """Answer with ``{"task", "why": [lines]}``."""
        task = _asked(request, "task")
        return _json({"task": task, "why": list(await self._api.why(task))})

    async def task(self, request: web.Request) -> web.StreamResponse:
        """Answer with the TaskPage of one task."""
        return _json(encode(await self._api.task(_asked(request, "task")), TaskPage))

    async def standing(self, request: web.Request) -> web.StreamResponse:
        """Answer whether the limits of a task hold it back; what its runner asks."""
        return _json(dict(await self._api.standing(_asked(request, "task"))))

    async def failed(self, _: web.Request) -> web.StreamResponse:
        """Answer with the document of ``failed --json``."""
        return _json([dict(one) for one in await self._api.failed()])

    async def report(self, _: web.Request) -> web.StreamResponse:
        """Answer with the report in Markdown."""
        return web.Response(text=await self._api.report(), content_type="text/markdown")

    async def search(self, request: web.Request) -> web.StreamResponse:
        """Answer with the Hits of one search in a log."""
        attempt = request.query.get("attempt")
        try:
            number, offset = int(attempt) if attempt else None, int(_asked(request, "offset"))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        hits = await self._api.search(
            _asked(request, "task"),
            number,
            _stream(request),
            _asked(request, "text"),
            offset,
            regex=request.query.get("regex") == "1",
        )
        return _json(encode(hits, Hits))

    async def arrivals(self, request: web.Request) -> web.StreamResponse:
        """Answer with lists of offset, Unix seconds, and whether that is late."""
        attempt = request.query.get("attempt")
        try:
            number = int(attempt) if attempt else None
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        found = await self._api.arrivals(_asked(request, "task"), number, _stream(request))
        return _json([[one.offset, one.at, one.late] for one in found])

    async def timeline(self, request: web.Request) -> web.StreamResponse:
        """Answer with the Timeline in as many slices as are asked for."""
        try:
            slices = int(_asked(request, "slices"))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        night = await self._api.timeline(max(1, min(slices, _MOST_SLICES)))
        return _json(encode(night, Timeline))

    async def resources(self, _: web.Request) -> web.StreamResponse:
        """Answer with the Resources of the machine."""
        return _json(encode(await self._api.resources(), Resources))

    async def log(self, request: web.Request) -> web.StreamResponse:
        """Answer with bytes of a log; headers tell where they begin and the file's size."""
        attempt = request.query.get("attempt")
        try:
            number = int(attempt) if attempt else None
            offset, size = int(_asked(request, "offset")), int(_asked(request, "size"))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        window = await self._api.log(
            _asked(request, "task"), number, _stream(request), offset, size
        )
        return web.Response(
            body=window.data,
            headers={OFFSET_HEADER: str(window.offset), SIZE_HEADER: str(window.size)},
        )

    async def containers(self, _: web.Request) -> web.StreamResponse:
        """Answer with the document of ``containers --json``."""
        board = await self._api.snapshot()
        return _json(containers(board.containers.values(), board.head.as_of))

    async def describe(self, request: web.Request) -> web.StreamResponse:
        """Answer with a container's inspection and last output."""
        try:
            lines = int(_asked(request, "lines"))
        except ValueError as error:
            raise web.HTTPBadRequest(text=str(error)) from error
        told = await self._api.describe(_asked(request, "container"), lines)
        return _json(encode(told, type(told)))

    async def leftovers(self, _: web.Request) -> web.StreamResponse:
        """Answer with the document of ``sweep --json``."""
        return _json(dict(await self._api.leftovers()))


@web.middleware
async def _spoken(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Add our version to every response, and turn our errors into status codes."""
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = web.Response(status=error.status, text=error.text)
    except (NoSuchTaskError, NoSuchContainerError) as error:
        response = web.Response(status=404, text=str(error))
    except EngineGoneError as error:
        response = web.Response(status=503, text=str(error))
    except SupervisorError as error:
        response = web.Response(status=409, text=str(error))
    if not response.prepared:
        response.headers[API_HEADER] = str(API)
    return response


def _json(document: object) -> web.Response:
    return web.Response(text="".join(_pieces(document)), content_type="application/json")


def _pieces(document: object) -> Iterator[str]:
    """Yield JSON an item of a long list at a time: all at once takes several times the room."""
    if not isinstance(document, dict):
        yield _compact(document)
        return
    between = "{"
    for key, value in cast("dict[str, object]", document).items():
        yield f"{between}{_compact(key)}:"
        between = ","
        if isinstance(value, list):
            yield f"[{','.join(map(_compact, cast('list[object]', value)))}]"
        else:
            yield _compact(value)
    yield "}" if document else "{}"


def _asked(request: web.Request, name: str) -> str:
    """Return a parameter of the query that must be there."""
    try:
        return request.query[name]
    except KeyError as error:
        raise web.HTTPBadRequest(text=f"missing ?{name}=") from error


def _stream(request: web.Request) -> Stream:
    return "stdout" if request.query.get("stream") == "stdout" else "stderr"


async def _followed(response: web.StreamResponse, changes: AsyncGenerator[Change, None]) -> bool:
    """Send changes until they end in good order; False: they broke off, or the reader did."""
    try:
        async for change in changes:
            if not await _sent(response, change):
                return False
    except SupervisorError as error:
        log.warning("changes broke off", exc_info=error)
        return False
    return True


async def _sent(response: web.StreamResponse, change: Change) -> bool:
    """Send one change; False when the reader is gone or takes nothing."""
    line = dumps(change, Change).encode() + b"\n"
    try:
        async with asyncio.timeout(_STUCK_S):
            await response.write(line)
    except (TimeoutError, ConnectionError):
        return False
    return True
