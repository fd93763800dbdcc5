"""Starting an engine from another process, and hearing from it whether it runs."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TextIO

from supervisor.core.codec import decode, dumps, encode, loads
from supervisor.core.models import BatchSpec, TaskSpec
from supervisor.core.options import RunOptions
from supervisor.engine.announce import EngineInfo, read_info, write_whole
from supervisor.ports import ConfigError, EngineBusyError, EngineGoneError

LAUNCH_FILE = "launch.json"
EDITED_FILE = "edited.json"
ERRORS_FILE = "engine.err"
_TAIL = 2000
_TASKS, _END = ', "tasks": [\n', "]}}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Launched:
    """What became of a wish to run a batch."""

    info: EngineInfo | None
    """The engine that runs; None when there was nothing to do."""
    messages: tuple[str, ...] = ()
    """What the operator should know: skipped, adopted, changed."""
    nothing_to_do: bool = False
    exit: int = 0
    """The exit code, when there was nothing to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The one line that a new engine says to whoever started it."""

    ok: bool
    messages: tuple[str, ...] = ()
    nothing_to_do: bool = False
    exit: int = 0
    error: str | None = None
    """Why it does not run; ``refused`` says what kind of no it is."""
    refused: str = ""
    """``words``: what was asked cannot be; ``busy``: another engine runs; else a fault."""
    pid: int | None = None

    def say(self, descriptor: int) -> None:
        """Write the line and close ``descriptor``."""
        with os.fdopen(descriptor, "w", encoding="utf-8") as pipe:
            pipe.write(json.dumps(encode(self)) + "\n")


def write_launch(spec: BatchSpec, options: RunOptions) -> Path:
    """Leave word for the engine to come; return the state directory, made if need be."""
    directory = Path(spec.directory)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_whole(directory / LAUNCH_FILE, _pieces(spec, options))
    return directory


def write_edited(spec: BatchSpec) -> None:
    """Leave an edited batch file for the engine that runs the batch."""
    write_whole(Path(spec.directory) / EDITED_FILE, _pieces(spec, RunOptions()))


def read_edited(directory: Path) -> BatchSpec:
    """Return what ``write_edited`` left in the state directory.

    Raises:
        ConfigError: there is nothing that could be read.
    """
    return _read_file(directory / EDITED_FILE, "save the batch file again")[0]


def lasting(options: RunOptions) -> RunOptions:
    """Return what still holds when the same engine is started again, such as after a reboot.

    What was to be done once, has been: nothing is moved aside or run anew a second time.
    """
    return replace(
        options,
        fresh=False,
        retry_errors=False,
        force=False,
        with_dependents=False,
        changed="ask",
        moved="ask",
        again=False,
    )


def read_launch(directory: Path) -> tuple[BatchSpec, RunOptions]:
    """Return what ``write_launch`` left in the state directory.

    Raises:
        ConfigError: there is nothing that could be read.
    """
    return _read_file(directory / LAUNCH_FILE, "start batches with: overnight run FILE")


def _read_file(path: Path, way_out: str) -> tuple[BatchSpec, RunOptions]:
    try:
        with path.open(encoding="utf-8") as file:
            return _read(file)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError([f"{path}: {error}; {way_out}"]) from error


def _pieces(spec: BatchSpec, options: RunOptions) -> Iterator[str]:
    """One JSON document with a line for each task: whoever reads it needs no second batch in memory."""
    head = encode(replace(spec, tasks=()))
    del head["tasks"]
    text = json.dumps({"v": 1, "options": encode(options), "spec": head})
    yield text.removesuffix("}}") + _TASKS
    for number, task in enumerate(spec.tasks):
        yield ("," if number else "") + dumps(task, TaskSpec) + "\n"
    yield _END


def _read(file: TextIO) -> tuple[BatchSpec, RunOptions]:
    first = file.readline()
    by_line = first.endswith(_TASKS)  # older versions wrote all of it into one line
    document = json.loads(first + _END if by_line else first + file.read())
    spec: BatchSpec = decode(BatchSpec, document["spec"])
    if by_line:
        spec = replace(spec, tasks=tuple(_tasks(file)))
    return spec, decode(RunOptions, document["options"])


def _tasks(file: TextIO) -> Iterator[TaskSpec]:
    for line in file:
        if line == _END:
            return
        yield loads(TaskSpec, line.removeprefix(","))
    raise ValueError("it is cut short")


def spawn(directory: Path, environment: Mapping[str, str] | None = None) -> Launched:
    """Start the engine of ``directory`` in a session of its own and wait until it has spoken.

    Raises:
        ConfigError: it refused what was asked.
        EngineBusyError: another engine runs the batch.
        EngineGoneError: it died before it could say anything.
    """
    reader, writer = os.pipe()
    errors = os.open(directory / ERRORS_FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        # -P: a file of the user called like a module of ours must not be imported in its place.
        subprocess.Popen(
            [sys.executable, "-P", "-m", "supervisor.cli.engine", str(directory), str(writer)],
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            pass_fds=[writer],
            start_new_session=True,
            cwd="/",
            env=environment,
        ).wait()  # it forks, so that no zombie of ours is left when the engine ends
    finally:
        os.close(writer)
        os.close(errors)
    with os.fdopen(reader, encoding="utf-8") as pipe:
        line = pipe.readline()
    return _launched(directory, line)


def _launched(directory: Path, line: str) -> Launched:
    if not line:
        raise EngineGoneError(_last_words(directory))
    ready: Ready = decode(Ready, json.loads(line))
    if not ready.ok:
        words = ready.error or "the engine refused to start"
        if ready.refused == "busy":
            raise EngineBusyError(words, ready.pid)
        if ready.refused == "words":
            raise ConfigError(words.splitlines())
        raise EngineGoneError(words)
    return Launched(
        info=None if ready.nothing_to_do else read_info(directory / "engine.json"),
        messages=ready.messages,
        nothing_to_do=ready.nothing_to_do,
        exit=ready.exit,
    )


def _last_words(directory: Path) -> str:
    path = directory / ERRORS_FILE
    text = path.read_text(encoding="utf-8", errors="replace")[-_TAIL:].strip()
    lines: list[Any] = text.splitlines()
    return f"the engine died while starting: {lines[-1] if lines else 'no message'}; see {path}"
