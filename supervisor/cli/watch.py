"""``overnight watch``: takes in a run that somebody started already, and leaves it alone."""

import os
import shlex
import sys
from pathlib import Path
from typing import Any

from supervisor.adapters.local.procfs import command_line, start_of
from supervisor.cli.run import options_of, start
from supervisor.cli.text import now
from supervisor.cli.words import Args, CommandError
from supervisor.config.data import folders
from supervisor.config.load import load
from supervisor.config.names import slug
from supervisor.config.oneline import OneLine, write
from supervisor.config.profiles import load_profiles
from supervisor.core.names import ErrorClass
from supervisor.core.runners import GENERIC, chosen


def run(args: Args) -> int:
    """Make a batch of one task that stands for the process, and follow it as ``run`` would.

    Raises:
        CommandError: there is no such process, or a log cannot be read.
    """
    pid = args.number("pid")
    if pid is None:
        raise CommandError("watch which run? overnight watch --pid N [--log FILE]")
    began, words = start_of(pid), _words(pid)
    if not began or not words:
        raise CommandError(f"there is no process {pid} that could be watched")
    logs = [_log(text) for text in args.texts("log")]
    command = shlex.join(words)
    profile = chosen(command, load_profiles(folders("configs/runners", os.environ)).values())
    group = _never_again()
    if profile != GENERIC:
        group["runner"] = profile
    if (glob := args.text("containers")) is not None:
        group["containers"] = glob
    watch = [sys.executable, "-P", "-m", "supervisor.cli.taken_in", f"--pid={pid}"]
    watch += [f"--start={began}", *(f"--log={log}" for log in logs), "--", *words]
    task = {"id": slug(command), "run": watch, "cwd": _cwd(pid)}
    work: dict[str, Any] = {"groups": {"watched": {**group, "tasks": [task]}}}
    name = f"watch-{pid}-{began}"
    one = OneLine(name=name, origin=f"watch {pid} {began}", work=work)
    path = write(one, Path.cwd(), parallel=None, name=name, command="watch")
    print(f"watching process {pid}: {command}"[:300])
    return start(load(path, env=os.environ, now=now()), options_of(args), args)


def _never_again() -> dict[str, Any]:
    """Return the keys of a group whose task cannot be run again, whatever its end."""
    classes = [str(kind) for kind in ErrorClass if kind is not ErrorClass.OPERATOR]
    return {
        "parallel": 1,
        "retry": {"attempts": 1},
        "breaker": {"then": "off"},
        "errors": {kind: {"action": "fail"} for kind in classes},
    }


def _words(pid: int) -> list[str]:
    said = command_line(pid).rstrip(b"\0")
    return [word.decode("utf-8", "replace") for word in said.split(b"\0")] if said else []


def _log(text: str) -> str:
    path = Path(text).resolve()
    if not path.is_file() or not os.access(path, os.R_OK):
        raise CommandError(f"--log {text}: is no file that can be read")
    return str(path)


def _cwd(pid: int) -> str:
    """Return where the process lives; results and globs are relative to it."""
    try:
        return str(Path(f"/proc/{pid}/cwd").readlink())
    except OSError:
        return str(Path.cwd())
