"""The one-liners of ``run`` and ``add``: words in, a batch file or tasks out."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from supervisor.cli.words import Args, CommandError
from supervisor.config import scalars
from supervisor.config.load import next_at
from supervisor.config.names import slug
from supervisor.config.oneline import (
    Inputs,
    add_to_adhoc,
    command_line,
    command_list,
    write,
)
from supervisor.core.models import GroupId, LimitId, TaskId, TaskSpec

_BATCH_KEY = re.compile(r"^(batch|run|for|tasks|groups|parallel)[ \t]*:(\s|$)", re.MULTILINE)
_LONGEST_LOOK = 65536


def batch_file(args: Args, *, directory: Path, stdin: TextIO) -> Path:
    """Return the batch file that ``overnight run`` asks for; a one-liner's is written first.

    Raises:
        CommandError: the words name nothing to run.
        ConfigError: a command or a list of commands cannot be one.
    """
    if args.after is not None:
        if args.words:
            raise CommandError(f"{args.words[0]!r} and a command after --: give one of the two")
        words, inputs = _split(args.after, directory, stdin)
        one = command_line(words, inputs)
    else:
        word = _only_file(args)
        if word != "-" and is_batch_file(directory / word):
            return directory / word
        one = command_list(stdin.read() if word == "-" else _read(directory / word), word)
    name = args.text("name")
    return write(
        one,
        directory,
        parallel=args.number("parallel"),
        name=_checked(scalars.name, name, "name") if name else None,
    )


def is_batch_file(path: Path) -> bool:
    """Return whether ``path`` is a batch file rather than a list of commands.

    Files in ``.yaml`` and ``.yml`` are; others if a line begins with a key of batch files.
    """
    if path.suffix.lower() in (".yaml", ".yml"):
        return True
    return bool(_BATCH_KEY.search(_read(path)[:_LONGEST_LOOK]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """What ``overnight add`` asks for."""

    tasks: tuple[TaskSpec, ...]
    keys: tuple[dict[str, Any], ...]
    """The same tasks as a batch file has them."""

    def into_adhoc(self, directory: Path) -> Path:
        """Write the tasks into the batch ``adhoc`` of ``directory``; return its file."""
        path = directory
        for task, keys in zip(self.tasks, self.keys, strict=True):
            path = add_to_adhoc(directory, task.group, keys)
        return path


def addition(
    args: Args, *, directory: Path, stdin: TextIO, now: float, zone: str | None
) -> Addition:
    """Return the tasks that ``overnight add -g GROUP --after TASK --at 06:00 -- COMMAND`` means.

    ``zone`` is the time zone of the batch, for ``--at``.

    Raises:
        CommandError: there is no command, or it has lists of values.
    """
    words, inputs = _split(args.after or args.words, directory, stdin)
    if inputs:
        raise CommandError("add takes one command; for ::: lists use run, or a batch file")
    run = command_line(words).work["run"]
    group = _checked(scalars.name, args.text("group") or "adhoc", "group")
    name = args.text("id") or slug(run if isinstance(run, str) else shlex.join(run))
    at, after = args.text("at"), args.texts("after")
    clock = _checked(scalars.clock_time, at, "at") if at else None
    task = TaskSpec(
        id=TaskId(f"{group}/{name}"),
        group=GroupId(group),
        run=run if isinstance(run, str) else tuple(run),
        cwd=str(directory.resolve()),
        limits=(LimitId(group),),
        needs=tuple(after),
        not_before=next_at(clock, zone, now) if clock else None,
    )
    keys: dict[str, Any] = {"id": name, "run": run, "cwd": task.cwd}
    keys |= {"needs": after} if after else {}
    keys |= {"at": at} if at else {}
    return Addition(tasks=(task,), keys=(keys,))


def _checked(read: Any, text: str, flag: str) -> Any:
    try:
        return read(text)
    except ValueError as error:
        raise CommandError(f"--{flag}: {error}") from error


def _only_file(args: Args) -> str:
    if not args.words:
        raise CommandError("run what? overnight run FILE, or overnight run -- COMMAND")
    if len(args.words) > 1:
        raise CommandError(
            f"one file at a time, not {len(args.words)}; a command comes after --:"
            f" overnight run -- {shlex.join(args.words)}"
        )
    return args.words[0]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: cannot read it: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{path}: is not text; to run a program, put -- before it: overnight run -- {path}"
        ) from error


def _split(words: Sequence[str], directory: Path, stdin: TextIO) -> tuple[list[str], list[Inputs]]:
    """Part the command from the lists after ``:::`` (values) and ``::::`` (files of values)."""
    command: list[str] = []
    lists: list[tuple[str, list[str]]] = []
    for word in words:
        if word in (":::+", "::::+"):
            raise CommandError(
                f"{word} is not supported; use a batch file with for: {{table: FILE}}"
            )
        if word in (":::", "::::"):
            lists.append((word, []))
        elif lists:
            lists[-1][1].append(word)
        else:
            command.append(word)
    inputs: list[Inputs] = []
    for mark, values in lists:
        if not values:
            raise CommandError(f"no values after {mark}")
        if mark == ":::":
            inputs.append(Inputs(values=tuple(values)))
        else:
            inputs += [_file_inputs(value, directory, stdin) for value in values]
    return command, inputs


def _file_inputs(file: str, directory: Path, stdin: TextIO) -> Inputs:
    if file != "-":
        _read(directory / file)
        return Inputs(lines=str((directory / file).resolve()))
    lines = (line.strip() for line in stdin.read().split("\n"))
    return Inputs(values=tuple(line for line in lines if line))
