"""Runs the operator's helper commands: refreshing a credential, paging somebody."""

import asyncio
import os
import signal
import tempfile
from contextlib import suppress
from typing import IO

from supervisor.adapters.local.procfs import processes
from supervisor.adapters.local.signals import send
from supervisor.core.lines import clean
from supervisor.core.redact import redact

_GRACE_S = 2.0
_KILLS = 20
_AGAIN_S = 0.05
_TAIL_BYTES = 4096
_LONGEST = 300


class ShellCommands:
    """Implements ``Commands`` with ``/bin/sh``.

    A command has its own session, nothing to read, and a time limit after which every process of
    that session is ended.
    """

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        """Run by the shell; return the empty string when it worked, else why not, in one line."""
        # A file and not a pipe: a daemon that the command leaves behind would hold a pipe open.
        with tempfile.TemporaryFile() as output:
            try:
                return await _run(command, timeout_s, cwd, output)
            except OSError as error:
                return f"cannot be started: {error.strerror or error}"


async def _run(command: str, timeout_s: float, cwd: str, output: IO[bytes]) -> str:
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        cwd=cwd,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(timeout_s):
            code = await process.wait()
    except TimeoutError:
        return _told(f"not done after {timeout_s:g} s", output)
    else:
        return _told(_ended(code), output) if code else ""
    finally:
        if process.returncode is None:
            await _end(process)


def _ended(code: int) -> str:
    return f"exit {code}" if code > 0 else f"ended by {signal.Signals(-code).name}"


def _told(why: str, output: IO[bytes]) -> str:
    """Add the last line the command wrote."""
    size = output.seek(0, os.SEEK_END)
    output.seek(max(0, size - _TAIL_BYTES))
    text = clean(output.read() + b"\n").decode("utf-8", "replace")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return redact(f"{why}: {lines[-1]}" if lines else why)[:_LONGEST]


async def _end(process: asyncio.subprocess.Process) -> None:
    """End every process of the session: politely, then by force; what cannot be killed is left."""
    _signal(process.pid, signal.SIGTERM)
    await _gone(process, _GRACE_S)
    # More than once, for what was forked between listing and killing.
    for _ in range(_KILLS):
        if not _signal(process.pid, signal.SIGKILL):
            break
        await asyncio.sleep(_AGAIN_S)
    await _gone(process, _GRACE_S)


async def _gone(process: asyncio.subprocess.Process, within_s: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            await process.wait()


def _signal(session: int, number: signal.Signals) -> bool:
    """Signal what lives of the session; False if nothing does, or nothing that is ours."""
    members = [one for one in processes().values() if one.session == session and not one.dead]
    sent = [send(one.ident, number) for one in members]
    return any(sent)
