"""The engine as a process: lock, launch file, signals, its word to whoever started it."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.fresh import move_aside, refuse_living
from supervisor.engine.launch import Ready, read_launch, write_launch
from supervisor.engine.life import Engine
from supervisor.engine.lock import EngineLock
from supervisor.engine.logs import log_to
from supervisor.engine.parts import Parts
from supervisor.engine.recovery import recover
from supervisor.engine.writer import Writer
from supervisor.ports import EngineBusyError, SupervisorError

log = logging.getLogger(__name__)

_SWITCH_S = 0.0005
"""How long a thread may keep the interpreter while another waits for it. With the usual 5 ms each
short call of the thread that starts attempts waits for the event loop, and launches crawl."""

Assemble = Callable[[BatchSpec], Parts]


class _Voice:
    """Speaks once: on the pipe of whoever started the engine, else on stderr when it refuses."""

    def __init__(self, ready_fd: int | None) -> None:
        self._descriptor = ready_fd
        if ready_fd is not None:
            os.set_inheritable(ready_fd, False)

    def say(self, ready: Ready) -> None:
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            ready.say(descriptor)
        elif ready.refused:
            print(ready.error, file=sys.stderr)  # noqa: T201 - nobody listens otherwise


def run(directory: Path, assemble: Assemble, ready_fd: int | None) -> int:
    """Be the engine of ``directory`` until its batch is done or it is told to stop."""
    voice = _Voice(ready_fd)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    os.umask(0o077)
    sys.setswitchinterval(_SWITCH_S)
    try:
        return _run(directory, assemble, voice)
    except EngineBusyError as error:
        voice.say(Ready(ok=False, error=str(error), refused="busy", pid=error.pid, exit=1))
    except SupervisorError as error:
        voice.say(Ready(ok=False, error=str(error), refused="words", exit=1))
    except BaseException as error:
        voice.say(Ready(ok=False, error=f"the engine failed: {error!r}", exit=1))
        raise
    return 1


def _run(directory: Path, assemble: Assemble, voice: _Voice) -> int:
    spec, options = read_launch(directory)
    lock = EngineLock(directory, spec.name)
    messages: tuple[str, ...] = ()
    try:
        if options.fresh and (directory / "state.db").exists():
            parts = assemble(spec)
            asyncio.run(refuse_living(parts, spec.name))
            aside = move_aside(directory, parts.clock.now())
            write_launch(spec, options)
            old, lock = lock, EngineLock(directory, spec.name)
            old.release()
            messages = (f"the old state lies in {aside}",)
        handler = log_to(directory / "engine.log")
        try:
            return asyncio.run(_live(assemble(spec), spec, options, messages, voice))
        except SupervisorError as error:
            log.warning("refused to start", exc_info=error)
            raise
        except BaseException as error:
            log.critical("the engine failed; what runs, runs on", exc_info=error)
            raise
        finally:
            logging.getLogger().removeHandler(handler)
            handler.close()
    finally:
        lock.release()


async def _live(
    parts: Parts,
    spec: BatchSpec,
    options: RunOptions,
    messages: tuple[str, ...],
    voice: _Voice,
) -> int:
    writer = Writer(parts.journal)
    try:
        recovered = await recover(
            writer, spec, options, now=parts.clock.now(), environment=parts.environment
        )
        messages = (*messages, *recovered.messages)
        if recovered.nothing_to_do:
            code = recovered.exit_hint
            voice.say(Ready(ok=True, messages=messages, nothing_to_do=True, exit=code))
            return code
        engine = Engine(parts, writer, recovered, options)
        del recovered  # or the batch as it was then would be kept as long as the engine
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, engine.terminate)
        # What was made up to here lives as long as the engine: no use looking at it ever again.
        gc.collect()
        gc.freeze()
        why = await engine.run(lambda: voice.say(Ready(ok=True, messages=messages)))
        log.info("engine ended", extra={"why": why})
        return 0
    finally:
        await writer.close()
