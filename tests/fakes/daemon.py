"""A container engine in memory behind a real socket, which loses, delays and refuses on demand.

Commands of its containers (``Cmd``): ``exit N`` ends at once, ``print OUT ERR`` writes both streams and
ends, all others run until they are killed or the test calls ``end``.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.place import Place

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_NEVER = "0001-01-01T00:00:00Z"


def stamp(at: float) -> str:
    """Return a time as an engine writes it."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%f000Z")


def frame(stream: str, at: float, data: bytes) -> bytes:
    """Return one frame of a log stream."""
    payload = stamp(at).encode() + b" " + data
    return bytes([1 if stream == "stdout" else 2, 0, 0, 0]) + len(payload).to_bytes(4) + payload


@dataclass
class Box:
    """One container."""

    id: str
    name: str
    body: dict[str, Any]
    status: str = "created"
    code: int = 0
    started: float = 0.0
    finished: float = 0.0
    oom: bool = False
    health: dict[str, Any] | None = None
    log: list[tuple[str, float, bytes]] = field(default_factory=list)


@dataclass
class FakeDaemon:
    """The engine; ``asked`` has every request as ``POST containers/ID/start``."""

    socket: Path
    now: float = 1_000_000.0
    boxes: dict[str, Box] = field(default_factory=dict)
    images: set[str] = field(default_factory=lambda: {"busybox"})
    asked: list[str] = field(default_factory=list)
    starts: list[str] = field(default_factory=list)
    """Names, in the order in which their commands began."""
    lose_before: set[str] = field(default_factory=set)
    """Verbs of which the next request is cut off before it is carried out."""
    lose_after: set[str] = field(default_factory=set)
    """Verbs of which the next request is carried out, and its answer cut off."""
    refuse: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Verbs that are refused, with status and words."""
    pull: list[dict[str, Any]] = field(default_factory=list)
    """What a pull says, line by line."""
    listeners: list[asyncio.Queue[bytes]] = field(default_factory=list)
    _made: int = 0

    def docker(self, limit_s: float = 5.0) -> Docker:
        """Return a client of it."""
        return Docker(Place(url=f"unix://{self.socket}", said_by="the test"), limit_s=limit_s)

    def box(self, name: str) -> Box:
        """Return a container by its name or id."""
        found = [one for one in self.boxes.values() if name in (one.name, one.id)]
        if not found:
            raise KeyError(name)
        return found[0]

    def write(self, box: Box, stream: str, data: bytes) -> None:
        """Let a container write."""
        self.now += 0.5
        box.log.append((stream, self.now, data))

    def end(self, box: Box, code: int) -> None:
        """Let a container's command end."""
        self.now += 0.5
        box.status, box.code, box.finished = "exited", code, self.now
        self.tell("die", box)

    def tell(self, action: str, box: Box) -> None:
        """Tell all listeners of an event."""
        line = json.dumps({"Action": action, "Actor": {"ID": box.id}}).encode() + b"\n"
        for listener in self.listeners:
            listener.put_nowait(line)

    def start(self, box: Box) -> None:
        """Begin a container's command."""
        self.now += 0.5
        box.status, box.started = "running", self.now
        self.starts.append(box.name)
        match box.body["Cmd"]:
            case ["exit", code]:
                self.end(box, int(code))
            case ["print", out, err]:
                self.write(box, "stdout", out.encode())
                self.write(box, "stderr", err.encode())
                self.end(box, 0)
            case _:
                pass

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer any request."""
        path = request.path.lstrip("/").removeprefix("v1.41/")
        self.asked.append(f"{request.method} {path}")
        verb = _verb(request.method, path)
        if verb in self.lose_before:
            self.lose_before.discard(verb)
            return _cut(request)
        if verb in self.refuse:
            status, words = self.refuse[verb]
            return web.json_response({"message": words}, status=status)
        try:
            said = await self._do(verb, path, request)
        except KeyError:
            said = web.json_response({"message": f"No such container: {path}"}, status=404)
        if verb in self.lose_after:
            self.lose_after.discard(verb)
            return _cut(request)
        return said

    async def _do(self, verb: str, path: str, request: web.Request) -> web.StreamResponse:
        parts = path.split("/")
        match verb:
            case "ping":
                return web.Response(text="OK")
            case "version":
                return web.json_response({"ApiVersion": "1.41"})
            case "info":
                return web.json_response({"InitBinary": "docker-init", "InitCommit": {"ID": ""}})
            case "image":
                found = "/".join(parts[1:-1]) in self.images
                text = {"Id": "x"} if found else {"message": "No such image"}
                return web.json_response(text, status=200 if found else 404)
            case "pull":
                return await self._pull(request)
            case "events":
                return await self._events(request)
            case "list":
                return web.json_response(
                    [{"Id": one.id, "Labels": one.body["Labels"]} for one in self.boxes.values()]
                )
            case "create":
                return await self._create(request)
            case _:
                return await self._act(verb, self.box(parts[1]), request)

    async def _create(self, request: web.Request) -> web.Response:
        name = request.query["name"]
        if any(one.name == name for one in self.boxes.values()):
            return web.json_response({"message": f"The name {name} is taken"}, status=409)
        self._made += 1
        box = Box(f"id{self._made}", name, await request.json())
        self.boxes[box.id] = box
        return web.json_response({"Id": box.id}, status=201)

    async def _act(self, verb: str, box: Box, request: web.Request) -> web.StreamResponse:
        match verb:
            case "inspect":
                return web.json_response(_told(box))
            case "start" if box.status in ("created", "exited"):
                self.start(box)
            case "kill" if box.status == "running":
                stubborn = box.body["Cmd"] == ["stubborn"] and "KILL" not in request.query["signal"]
                if not stubborn:
                    self.end(box, 143 if "TERM" in request.query["signal"] else 137)
            case "pause" if box.status == "running":
                box.status = "paused"
            case "unpause" if box.status == "paused":
                box.status = "running"
            case "remove" if box.status != "running":
                del self.boxes[box.id]
            case "logs":
                return await self._logs(box, request)
            case _:
                return web.json_response({"message": f"it is {box.status}"}, status=409)
        return web.Response(status=204)

    async def _logs(self, box: Box, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        wanted = "stdout" if request.query.get("stdout") == "1" else "stderr"
        since, at = float(request.query["since"]), 0
        while True:
            for stream, written, data in box.log[at:]:
                if stream == wanted and written >= since:
                    await answer.write(frame(stream, written, data))
            at = len(box.log)
            if request.query["follow"] == "0" or box.status not in ("running", "paused"):
                return answer
            await asyncio.sleep(0.005)

    async def _pull(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        for line in self.pull:
            await answer.write(json.dumps(line).encode() + b"\n")
            await asyncio.sleep(0)
        if not any("error" in line for line in self.pull):
            self.images.add(f"{request.query['fromImage']}:{request.query['tag']}")
        return answer

    async def _events(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        mine: asyncio.Queue[bytes] = asyncio.Queue()
        self.listeners.append(mine)
        try:
            while True:
                await answer.write(await mine.get())
        finally:
            self.listeners.remove(mine)


def _verb(method: str, path: str) -> str:
    """Return what a request wants, in one word."""
    last = path.rpartition("/")[2]
    if path in ("_ping", "version", "info", "events"):
        return last.lstrip("_")
    if path == "images/create":
        return "pull"
    if path.startswith("images/"):
        return "image"
    if path == "containers/json":
        return "list"
    if path == "containers/create":
        return "create"
    if method == "DELETE":
        return "remove"
    return "inspect" if last == "json" else last


def _told(box: Box) -> dict[str, Any]:
    state: dict[str, Any] = {
        "Status": box.status,
        "Pid": 4242 if box.status in ("running", "paused") else 0,
        "ExitCode": box.code,
        "OOMKilled": box.oom,
        "Error": "",
        "StartedAt": stamp(box.started) if box.started else _NEVER,
        "FinishedAt": stamp(box.finished) if box.finished else _NEVER,
    }
    if box.health is not None:
        state["Health"] = box.health
    return {"Id": box.id, "State": state, "Config": {"Labels": box.body["Labels"]}}


def _cut(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@asynccontextmanager
async def daemon(folder: Path) -> AsyncIterator[FakeDaemon]:
    """Yield an engine that listens on a socket in ``folder``."""
    one = FakeDaemon(folder / "fake-docker.sock")
    async with listening(one):
        yield one


@asynccontextmanager
async def listening(one: FakeDaemon) -> AsyncIterator[None]:
    """Let the engine listen inside the block, and be gone after it."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", one.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.05)
    await runner.setup()
    await web.UnixSite(runner, str(one.socket)).start()
    try:
        yield
    finally:
        await runner.cleanup()
        one.socket.unlink(missing_ok=True)
