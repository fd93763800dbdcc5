"""Runs the operator's helper commands: refreshing a credential, asking whether a limit is free."""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import IO

from supervisor.adapters.local.procfs import processes
from supervisor.adapters.local.signals import send
from supervisor.core.lines import clean
from supervisor.core.redact import redact
from supervisor.ports import Errand, Ran

_GRACE_S = 2.0
_KILLS = 20
_AGAIN_S = 0.05
_TAIL_BYTES = 16384
_VALUE_BYTES = 65536
_LONGEST = 300
_LOOK_S = 0.5
_SHOWN = 4
"""Lines of a command that is still at work: what it asks for, and not its history."""


class ShellCommands:
    """Implements ``Commands`` with ``/bin/sh``.

    A command has its own session, nothing to read, and a time limit after which every process of
    that session is ended.
    """

    async def run(self, command: str, *, timeout_s: float, cwd: str) -> str:
        """Run by the shell; return the empty string when it worked, else why not, in one line."""
        ran = await self.ask(Errand(command=command, timeout_s=timeout_s, cwd=cwd), lambda _: None)
        return ran.cause

    async def ask(self, errand: Errand, said: Callable[[str], None], given: bytes = b"") -> Ran:
        """See ``Commands.ask``; ``given`` is what the command may read."""
        with ExitStack() as files:
            # Files and not pipes: a daemon that the command leaves behind would hold a pipe open.
            shown = files.enter_context(tempfile.TemporaryFile())
            value = files.enter_context(tempfile.TemporaryFile()) if errand.captures else None
            stdin = files.enter_context(tempfile.TemporaryFile())
            stdin.write(given)
            stdin.seek(0)
            try:
                code, why = await _run(errand, stdin, value or shown, shown, said)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else None
                return Ran(cause=f"cannot be started: {reason or error}", code=None, output="")
            return Ran(
                cause=why,
                code=code,
                output=_tail(shown),
                value=_value(value) if value is not None and not why else "",
            )


async def _run(
    errand: Errand,
    stdin: IO[bytes],
    stdout: IO[bytes],
    shown: IO[bytes],
    said: Callable[[str], None],
) -> tuple[int | None, str]:
    """Return the exit code, and why the command did not work, in one line."""
    process = await asyncio.create_subprocess_exec(
        "/bin/sh",
        "-c",
        errand.command,
        stdin=stdin,
        stdout=stdout,
        stderr=shown,
        cwd=errand.cwd,
        env={**os.environ, **errand.env},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(errand.timeout_s), asyncio.TaskGroup() as group:
            telling = group.create_task(_tell(shown, said), name="tell what a command says")
            code = await process.wait()
            telling.cancel()
    except TimeoutError:
        # Before its end: what it says then explains nothing.
        return None, _told(f"not done after {errand.timeout_s:g} s", shown)
    else:
        return code, _told(_ended(code), shown) if code else ""
    finally:
        if process.returncode is None:
            await _end(process)


async def _tell(shown: IO[bytes], said: Callable[[str], None]) -> None:
    """Show what is asked of a person while the command waits for it."""
    before = ""
    while True:
        await asyncio.sleep(_LOOK_S)
        lines = _lines(shown)
        text = " ".join(lines[-_SHOWN:])[-_LONGEST:]
        if text != before:
            said(text)
            before = text


def _ended(code: int) -> str:
    return f"exit {code}" if code > 0 else f"ended by {signal.Signals(-code).name}"


def _told(why: str, shown: IO[bytes]) -> str:
    """Add the last line the command wrote."""
    lines = _lines(shown)
    return redact(f"{why}: {lines[-1]}" if lines else why)[:_LONGEST]


def _lines(shown: IO[bytes]) -> list[str]:
    return [line.strip() for line in _tail(shown).splitlines() if line.strip()]


def _tail(shown: IO[bytes]) -> str:
    """Return the end of the file as text that may be shown. The command's own offset stays."""
    size = os.fstat(shown.fileno()).st_size
    text = os.pread(shown.fileno(), _TAIL_BYTES, max(0, size - _TAIL_BYTES))
    return redact(clean(text + b"\n").decode("utf-8", "replace"))


def _value(stdout: IO[bytes]) -> str:
    """Return what was written as a shell's ``$(…)`` would: without the newlines at its end."""
    text = os.pread(stdout.fileno(), _VALUE_BYTES, 0).decode("utf-8", "surrogateescape")
    return text.rstrip("\r\n")


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
