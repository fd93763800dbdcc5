"""The engine's socket: HTTP that any client, ``curl --unix-socket`` included, can speak."""

import asyncio
import logging
import os
import socket
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

from supervisor.ipc.routes import Routes
from supervisor.ports import EngineApi, SupervisorError

log = logging.getLogger(__name__)

LONGEST_PATH = 100
"""Bytes; the kernel takes 107, and other systems 103."""
_LOOK_EVERY_S = 5.0
_FAREWELL_S = 1.0
"""How long open responses may go on when the engine closes."""


@asynccontextmanager
async def serve(
    api: EngineApi, path: str, *, look_every_s: float = _LOOK_EVERY_S
) -> AsyncGenerator[None, None]:
    """Answer clients on a Unix socket at ``path`` (mode 0600) while the context is open.

    A socket file that was left behind is replaced; one that vanishes is made again.

    Raises:
        SupervisorError: the path is too long.
    """
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise SupervisorError(f"the socket path is over {LONGEST_PATH} bytes: {path}")
    runner = web.AppRunner(
        Routes(api).app(),
        access_log=None,
        handle_signals=False,
        # A reader that leaves a quiet stream must be noticed before the next write.
        handler_cancellation=True,
        shutdown_timeout=_FAREWELL_S,
    )
    await runner.setup()
    try:
        await _listen(runner, path)
        async with _beside(_keep(runner, path, look_every_s)):
            yield
    finally:
        await runner.cleanup()
        _remove(path)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncGenerator[None, None]:
    """Run ``work`` while the context is open; an exception of the body stays what it is."""
    failure: Exception | None = None
    async with asyncio.TaskGroup() as group:
        task = group.create_task(work, name="socket keeper")
        try:
            yield
        except Exception as error:  # noqa: BLE001 - raised below, outside of the group
            failure = error
        finally:
            task.cancel()
    if failure is not None:
        raise failure


async def _listen(runner: web.AppRunner, path: str) -> None:
    await web.SockSite(runner, _bound(path), backlog=128).start()


async def _keep(runner: web.AppRunner, path: str, every_s: float) -> None:
    """Make the socket again when its file vanishes: cleaners of run directories do that."""
    while True:
        await asyncio.sleep(every_s)
        try:
            if _vanished(path):
                await _listen(runner, path)
        except OSError as error:
            log.warning("socket cannot be made again", exc_info=error, extra={"path": path})


def _bound(path: str) -> socket.socket:
    """Return a socket bound at ``path``, which nobody else may use: the caller holds the lock."""
    Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove(path)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # Between bind and a later chmod anybody could connect; the mask closes that gap.
    before = os.umask(0o177)
    try:
        line.bind(path)
    except OSError:
        line.close()
        raise
    finally:
        os.umask(before)
    line.setblocking(False)
    return line


def _vanished(path: str) -> bool:
    return not Path(path).exists()


def _remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)
