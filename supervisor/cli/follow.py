"""Follows a running engine with plain lines, and says what it means when the engine dies."""

import asyncio
import time

from supervisor.cli.batches import SILENT_S, Entry, comes_back, is_still_running
from supervisor.cli.headless import Headless
from supervisor.cli.person import who
from supervisor.cli.text import now
from supervisor.cli.words import CommandError
from supervisor.ipc.client import SocketEngine
from supervisor.ports import EngineGoneError

_FAREWELL_S = 10.0
_LOOK_EVERY_S = 0.02


def follow(entry: Entry, *, watching: bool = False, max_wait_s: float | None = None) -> int:
    """Print what happens until the batch is over; return the exit code.

    Raises:
        CommandError: the engine died.
    """

    async def run() -> int:
        engine = SocketEngine(entry.socket)
        return await Headless(
            engine, who=who(), now=now, watching=watching, max_wait_s=max_wait_s
        ).run()

    code: int | None = None
    silent_since: float | None = None
    while code is None:
        gone: BaseExceptionGroup[EngineGoneError] | None = None
        began = time.monotonic()
        try:
            code = asyncio.run(run())
        except* EngineGoneError as group:
            gone = group  # what is raised in here comes out in a group of its own on Python 3.11.2
        if silent_since is None or time.monotonic() - began > SILENT_S:
            silent_since = time.monotonic()
        if gone is not None and not comes_back(entry, silent_since):
            raise CommandError(
                f"the engine is gone ({gone.exceptions[0]}); what runs, runs on."
                f" overnight run {entry.source} takes it over"
            ) from gone
    if not watching:
        await_end(entry)
    return code


def await_end(entry: Entry, patience_s: float = _FAREWELL_S) -> None:
    """Wait until the engine of an ended batch is gone, so that the next run finds the place free.

    An engine that others still read lives on; that is no fault.
    """
    deadline = time.monotonic() + patience_s
    while is_still_running(entry) and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)
