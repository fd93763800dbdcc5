"""The engine as a process: lock, launch file, signals, its word to whoever started it."""

import asyncio
import gc
import logging
import os
import shlex
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.again import Again
from supervisor.engine.fresh import move_aside, refuse_living
from supervisor.engine.launch import Ready, lasting, read_launch, write_launch
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
        self.has_begun = False
        """An engine runs, or ran."""
        self._descriptor = ready_fd
        if ready_fd is not None:
            os.set_inheritable(ready_fd, False)

    def say(self, ready: Ready) -> None:
        self.has_begun |= ready.ok and not ready.nothing_to_do
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            ready.say(descriptor)
        elif ready.refused:
            print(ready.error, file=sys.stderr)  # noqa: T201 - nobody listens otherwise


def run(
    directory: Path, assemble: Assemble, ready_fd: int | None, again: Again | None = None
) -> int:
    """Be the engine of ``directory`` until its batch is done or it is told to stop.

    A fault of its own ends it; with ``again`` another one goes on in its place, if it may.
    """
    voice = _Voice(ready_fd)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    mask = os.umask(0o077)
    sys.setswitchinterval(_SWITCH_S)
    try:
        return _run(directory, assemble, voice, again)
    except EngineBusyError as error:
        voice.say(Ready(ok=False, error=str(error), refused="busy", pid=error.pid, exit=1))
    except SupervisorError as error:
        voice.say(Ready(ok=False, error=str(error), refused="words", exit=1))
    except BaseException as error:
        voice.say(Ready(ok=False, error=f"the engine failed: {error!r}", exit=1))
        if again is not None and again.goes_on:
            os.umask(mask)
            again.begin()
        raise
    return 1


def _run(directory: Path, assemble: Assemble, voice: _Voice, again: Again | None) -> int:
    spec, options = read_launch(directory)
    if again is not None and again.faults:
        voice.has_begun = True
        options = replace(lasting(options), again=True)
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
            faults = () if again is None else again.faults
            return asyncio.run(_live(assemble(spec), spec, options, messages, voice, faults))
        except SupervisorError as error:
            log.warning("refused to start", exc_info=error)
            raise
        except BaseException as error:
            if again is not None and voice.has_begun and isinstance(error, Exception):
                again.failed()
            goes_on = again is not None and again.goes_on
            log.critical(
                "the engine failed; what runs, runs on", exc_info=error, extra={"goes_on": goes_on}
            )
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
    faults: Sequence[float],
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
        if faults:
            log_file = Path(spec.directory) / "engine.log"
            engine.hub.banner(
                "engine", _told(faults, log_file), f"less {shlex.quote(str(log_file))}"
            )
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


def _told(faults: Sequence[float], log_file: Path) -> str:
    times = "once" if len(faults) == 1 else f"{len(faults)} times"
    return (
        f"it failed {times} and went on with all that ran; please report what {log_file.name} says"
    )
