"""Prepares the directory of an attempt and starts its shim; everything here blocks."""

import errno
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from supervisor.adapters.local import posix_spawn, records, shim
from supervisor.adapters.local.environment import (
    MARKS,
    EnvFileError,
    composed,
    mark,
    read_env_file,
    shell_functions,
)
from supervisor.adapters.local.inherit import Inherited
from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.procfs import Ident, boot_id, start_of
from supervisor.adapters.local.signals import open_pidfd
from supervisor.core.models import ErrorClass
from supervisor.core.places import MARKS as MARKS_FILE
from supervisor.core.places import attempt_dir, encoded
from supervisor.ports import Ref, Try


@dataclass(frozen=True, slots=True)
class Spawned:
    """The shim is our child. ``pidfd`` is None on kernels without."""

    ref: Ref
    shim: Ident
    pidfd: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """Somebody claimed the attempt before; nothing was started."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Refused:
    """The attempt cannot begin."""

    ref: Ref
    error_class: ErrorClass
    cause: str


Outcome = Spawned | Taken | Refused

_ENV = "/usr/bin/env"
_FULL = {errno.ENOSPC, errno.EDQUOT}
_BUSY = {errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawner:
    """Starts attempts of one batch."""

    state_dir: str
    uuid: str
    inherited: Inherited
    shell: tuple[str, ...] = ("/bin/sh",)
    flush: bool = True
    """The state directory is where space is sure only after an fsync."""
    launching: Launching = field(default_factory=Launching)
    """Shims that the event loop has not heard of yet."""

    def spawn(self, tries: Sequence[Try]) -> Iterator[Outcome]:
        """Start each try, in order; what cannot be started does not keep the others."""
        env_files: dict[str, Mapping[str, str]] = {}
        for attempt in tries:
            yield self._spawn(attempt, env_files)

    def _spawn(self, attempt: Try, env_files: dict[str, Mapping[str, str]]) -> Outcome:
        directory = attempt_dir(self.state_dir, attempt.ref.task, attempt.ref.attempt)
        try:
            environment = self._environment(attempt, env_files)
            environment[MARKS] = f"{directory}/{MARKS_FILE}"
            if not os.path.isdir(attempt.cwd):  # noqa: PTH112 - hot
                return Refused(attempt.ref, ErrorClass.BROKEN, f"cwd {attempt.cwd}: no directory")
            if not self._prepare(attempt, directory, environment):
                return Taken(attempt.ref)
        except EnvFileError as error:
            return Refused(attempt.ref, ErrorClass.BROKEN, str(error))
        except OSError as error:
            return Refused(
                attempt.ref, _class_of(error), f"cannot prepare {directory}: {error.strerror}"
            )
        return self._start(attempt, directory, environment)

    def _environment(self, attempt: Try, env_files: dict[str, Mapping[str, str]]) -> dict[str, str]:
        from_file: Mapping[str, str] = {}
        if attempt.env_file is not None:
            path = str(Path(attempt.cwd, attempt.env_file))
            if path not in env_files:
                env_files[path] = read_env_file(path)
            from_file = env_files[path]
        environment = composed(self.inherited.environ, from_file, attempt.env)
        environment.update(mark(self.uuid, attempt.ref))
        return environment

    def _prepare(self, attempt: Try, directory: str, environment: Mapping[str, str]) -> bool:
        """Make all files an attempt needs; False if it was claimed before."""
        if attempt.ref.attempt == 1:
            _make_directory(os.path.dirname(directory))  # noqa: PTH120 - hot
        if not _make_directory(directory) and os.path.lexists(f"{directory}/started"):
            return False
        records.make_blank(directory, flush=self.flush)
        _write_spec(directory, self.uuid, attempt, environment)
        return True

    def _start(self, attempt: Try, directory: str, environment: dict[str, str]) -> Outcome:
        functions = shell_functions(environment)
        command = shim.arguments(
            shell=self.shell,
            directory=directory,
            boot_id=boot_id(),
            nofile_soft=self.inherited.nofile_soft,
            oom_score_adj=self.inherited.oom_score_adj,
            umask=self.inherited.umask,
            cwd=attempt.cwd,
            argv=(_ENV, *functions, *attempt.argv) if functions else attempt.argv,
        )
        log = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        files = (
            (0, os.devnull, os.O_RDONLY),
            (1, f"{directory}/stdout.log", log),
            (2, f"{directory}/stderr.log", log),
        )
        try:
            with self.launching.one():
                pid = posix_spawn.start(command, environment, files)
                self.launching.name(pid)
        except OSError as error:
            return Refused(
                attempt.ref, _class_of(error), f"cannot start {self.shell[0]}: {error.strerror}"
            )
        except ValueError as error:  # a NUL, or "=" in a name
            return Refused(attempt.ref, ErrorClass.BROKEN, f"cannot start {self.shell[0]}: {error}")
        # Nobody has waited for it yet, so the pid is still its own.
        return Spawned(attempt.ref, Ident(pid, start_of(pid)), open_pidfd(pid))


def is_full(directory: str) -> bool:
    """Return whether there is no room, or no quota, for another small file."""
    probe = Path(directory, "probe")
    try:
        probe.write_bytes(bytes(4096))
    except OSError as error:
        return error.errno in _FULL
    finally:
        probe.unlink(missing_ok=True)
    return False


def _class_of(error: OSError) -> ErrorClass:
    if error.errno in _FULL:
        return ErrorClass.DISK_FULL
    return ErrorClass.UNKNOWN if error.errno in _BUSY else ErrorClass.BROKEN


def _make_directory(directory: str) -> bool:
    """Make the directory and what is missing above it, for us alone; False if it was there."""
    try:
        os.mkdir(directory, 0o700)  # noqa: PTH102 - hot
    except FileExistsError:
        return False
    except FileNotFoundError:
        _make_directory(os.path.dirname(directory))  # noqa: PTH120 - hot
        return _make_directory(directory)
    return True


def _write_spec(directory: str, uuid: str, attempt: Try, environment: Mapping[str, str]) -> None:
    group, _, name = attempt.ref.task.partition("/")
    spec = {
        "v": 1,
        "batch_uuid": uuid,
        "task": attempt.ref.task,
        "attempt": attempt.ref.attempt,
        "encoded": f"{encoded(group)}/{encoded(name)}",
        "argv": attempt.argv,
        "cwd": attempt.cwd,
        "env_file": attempt.env_file,
        "leave_leftovers": attempt.leave_leftovers,
    }
    text = f'{json.dumps(spec)[:-1]}, "env": {_names(tuple(environment))}}}'
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    rest = memoryview(text.encode())
    file = os.open(f"{directory}/spec.json", flags, 0o600)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
    finally:
        os.close(file)


@lru_cache(maxsize=16)
def _names(names: tuple[str, ...]) -> str:
    """Return JSON of the names in order; nearly all attempts of a batch have the same."""
    return json.dumps(sorted(names))
