"""What a running inspect_ai says about itself, over its control channel and in its trace.

Protocol of inspect_ai 0.3.285 (``_control/discovery.py``, ``_control/server.py``): a process names its Unix
socket in ``<user data>/inspect_ai/control/<pid>.json`` and answers ``GET /tasks`` there with a JSON list.
That answer holds no text of a model or an agent. Why it tries a request again stands only in its trace,
``<user data>/inspect_ai/traces/trace-<pid>.log``: JSON lines, of which those of level ``HTTP`` are meant.
"""

import asyncio
import os
import re
from collections.abc import Sequence
from pathlib import Path

from supervisor.adapters.results.bounded import (
    Record,
    Unreadable,
    as_count,
    as_list,
    as_record,
    parsed,
    record,
    tail,
    told,
    whole,
)
from supervisor.ports import Said

_PATIENCE_S = 2.0
_ANSWER = 1 << 20
_TRACE = 256 << 10
_SMALL = 64 << 10
_ENDED = ("completed", "errored", "cancelled")
_REASON = re.compile(r"-> (?P<model>\S+) retry (?P<count>\d+) .{0,80}?\[(?P<error>[^\][]{1,80})\]")


async def ask(pids: Sequence[int]) -> Said | None:
    """Return what the first of ``pids`` that is an inspect process says; None: none is, or answers."""
    for pid in pids:
        socket = await asyncio.to_thread(_socket_of, pid)
        if socket is None:
            continue
        try:
            async with asyncio.timeout(_PATIENCE_S):
                answer = await _get(socket, "/tasks")
            tasks = [as_record(task) for task in as_list(parsed(answer, str(socket)))]
        except (OSError, TimeoutError, Unreadable, asyncio.IncompleteReadError):
            continue  # it is only now starting, or ending
        if tasks:
            return _said(tasks, await asyncio.to_thread(_last_reason, pid))
    return None


def _said(tasks: Sequence[Record], reason: str) -> Said:
    done = sum(_samples(task, "completed") for task in tasks)
    flying = sum(_samples(task, "in_flight") for task in tasks)
    retries = sum(as_count(task.get("http_retries")) or 0 for task in tasks)
    moved = ("total_tokens", "total_messages")
    work = sum(as_count(task.get(name)) or 0 for task in tasks for name in moved)
    model = told(next((task.get("model") for task in tasks if _samples(task, "in_flight")), ""), 80)
    words = [
        f"inspect runs {flying} sample{'s' * (flying != 1)}" + (f" of {model}" if model else "")
    ]
    if retries:
        words.append(f"{retries} HTTP retries" + (f", the last for {reason}" if reason else ""))
    return Said(
        done=done,
        total=sum(_samples(task, "total") for task in tasks) or None,
        work=work + sum(_samples(task, name) for task in tasks for name in _ENDED),
        retries=retries,
        words=", ".join(words),
        paths=tuple(Path(place) for task in tasks if (place := _place(task))),
    )


def _samples(task: Record, name: str) -> int:
    return as_count(as_record(task.get("samples")).get(name)) or 0


def _place(task: Record) -> str:
    place = task.get("log_location")
    return place.removeprefix("file://") if isinstance(place, str) and "\0" not in place else ""


def _data_dir() -> Path:
    """Return where inspect keeps its data: as ``platformdirs`` says for a user on Linux."""
    home = os.environ.get("XDG_DATA_HOME", "").strip()
    return (Path(home) if home else Path.home() / ".local/share") / "inspect_ai"


def _socket_of(pid: int) -> Path | None:
    try:
        place = record(whole(_data_dir() / f"control/{pid}.json", _SMALL), "")
    except Unreadable:
        return None
    path = place.get("socket_path")
    return Path(path) if isinstance(path, str) and path else None


async def _get(socket: Path, route: str) -> bytes:
    """Return the body of the answer; HTTP/1.0 ends it by closing."""
    reader, writer = await asyncio.open_unix_connection(str(socket), limit=_ANSWER)
    try:
        writer.write(f"GET {route} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode())
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        if b" 200 " not in head.split(b"\r\n", 1)[0]:
            return b"[]"
        body = b""
        while len(body) <= _ANSWER and (block := await reader.read(_ANSWER)):
            body += block
        return body
    finally:
        writer.close()


def _last_reason(pid: int) -> str:
    """Return why the last request was tried again, such as ``InternalServerError 503``."""
    try:
        data = tail(_data_dir() / f"traces/trace-{pid}.log", _TRACE)
    except Unreadable:
        return ""
    for line in reversed(data.splitlines()):
        if b'"HTTP"' not in line:
            continue
        try:
            message = record(line, "").get("message")
        except Unreadable:
            continue  # the first line of the piece, cut in half
        if isinstance(message, str) and (found := _REASON.search(message)):
            return told(found["error"], 80)
    return ""
