"""Whether this machine has what a batch needs: directories, programs, space."""

import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import dropwhile
from pathlib import Path

from supervisor.core.models import NOTHING, BatchSpec, TaskSpec
from supervisor.core.quoting import substitute
from supervisor.core.wish import Wish

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_SHELL_WORD = re.compile(
    r"[.:!{(]|\[\[?|alias|bg|break|case|cd|command|continue|declare|do|echo|eval|exec|exit|export"
    r"|false|fg|for|function|getopts|hash|if|jobs|let|local|printf|pwd|read|readonly|return|select"
    r"|set|shift|shopt|source|test|time|times|trap|true|type|typeset|ulimit|umask|unalias|unset"
    r"|until|wait|while"
)
_INTERPRETER = re.compile(r"(python|pypy)[\d.]*|bash|sh|dash|zsh|perl|ruby|node|Rscript")
_GIB = 1024**3


def machine_problems(
    spec: BatchSpec, *, env: Mapping[str, str], free_bytes: Callable[[str], int]
) -> list[str]:
    """Return what would keep tasks of ``spec`` from running here, one line each.

    ``env`` is what tasks inherit; ``free_bytes`` tells the space left at a path.
    """
    told: dict[tuple[str, str], str] = {}
    for task in _distinct(spec):
        for problem in _task_problems(task, env):
            told.setdefault((task.group, problem), f"{task.id}: {problem}")
    found = list(told.values())
    directory = str(Path(spec.source).parent)
    for place, run in _helpers(spec):
        missing = _missing_program(run, directory, env)
        if missing:
            found.append(f"{place}: {missing}")
    found += _inner_problems(spec, env)
    return [*found, *_space_problems(spec, free_bytes)]


def _helpers(spec: BatchSpec) -> Iterator[tuple[str, str]]:
    """Yield the operator's own commands, with the key that each stands under."""
    for limit in spec.limits:
        for key, command in (("refresh", limit.refresh), ("preflight", limit.preflight)):
            if command is not None:
                yield f"limits.{limit.name}.{key}", command.run
    if spec.notify is not None:
        yield "notify", spec.notify.run


def _inner_problems(spec: BatchSpec, env: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with commands that tell a running runner its inner parallelism."""
    for group in spec.groups:
        task = next((one for one in spec.tasks if one.group == group.name), None)
        if group.inner is None or not group.inner.run or task is None or task.setup is not None:
            continue
        words = _first_words(group.inner.run)
        problem = _program_problem(words, task.cwd, {**env, **task.env}, in_shell=True)
        if problem:
            yield f"groups.{group.name}.inner.apply.run: {problem}"


def _distinct(spec: BatchSpec) -> Iterator[TaskSpec]:
    """Yield one task of each kind: same command, place and files; values change nothing here."""
    seen: set[object] = set()
    for task in spec.tasks:
        varies = any("{" in word for word in _first_words(task.run)[:2])
        path = task.env.get("PATH")
        kind = (task.run, task.cwd, task.env_file, task.setup, task.group, path, task.container)
        key = (kind, tuple(task.params.items()) if varies else None)
        if key not in seen:
            seen.add(key)
            yield replace(task, params=task.params if varies else NOTHING)


def _first_words(run: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a command up to the end of its first simple command, as far as is plain."""
    if not isinstance(run, str):
        return run
    try:
        lexer = shlex.shlex(run, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        words = list(lexer)
    except ValueError:
        return ()
    return tuple(dropwhile(_ASSIGNMENT.match, words))


def _task_problems(task: TaskSpec, env: Mapping[str, str]) -> Iterator[str]:
    if not Path(task.cwd).is_dir():
        yield f"cwd {task.cwd} is no directory"
        return
    if task.env_file and not Path(task.env_file).is_file():
        yield f"env_file {task.env_file} does not exist"
    if task.container is not None:
        yield from _missing_volumes(task.container)
    elif task.setup is None:
        run = task.run
        words = tuple(substitute(word, task.params) for word in _first_words(run))
        problem = _program_problem(words, task.cwd, {**env, **task.env}, isinstance(run, str))
        if problem:
            yield problem


def _missing_volumes(wish: Wish) -> Iterator[str]:
    # An engine elsewhere means its own files, of which nothing is known here.
    for volume in wish.volumes:
        if volume.is_bind and "{" not in volume.source and not Path(volume.source).exists():
            yield f"docker.volumes: {volume.source} does not exist"


def _missing_program(run: str, cwd: str, env: Mapping[str, str]) -> str:
    return _program_problem(_first_words(run), cwd, env, in_shell=True)


def _program_problem(
    words: tuple[str, ...], cwd: str, env: Mapping[str, str], in_shell: bool
) -> str:
    if not words or (
        in_shell and (_SHELL_WORD.fullmatch(words[0]) or re.search(r"[$`(){}~]", words[0]))
    ):
        return ""
    program = words[0]
    found = Path(cwd, program) if "/" in program else None
    if found is not None:
        if not found.is_file():
            return f"{program} does not exist in {cwd}"
        if not shutil.which(str(found)):
            return f"{program} in {cwd} is not executable"
    elif not shutil.which(program, path=env.get("PATH")):
        return f"{program} is not on PATH"
    return _script_problem(words, cwd)


def _script_problem(words: tuple[str, ...], cwd: str) -> str:
    """Return what is wrong with the script in ``python script.py``."""
    if not _INTERPRETER.fullmatch(words[0].rpartition("/")[2]) or len(words) < 2:
        return ""
    script = words[1]
    if not re.fullmatch(r"[\w./+@-]+\.(py|sh|pl|rb|js|R)", script) or script.startswith("-"):
        return ""
    return "" if Path(cwd, script).exists() else f"{script} does not exist in {cwd}"


def _space_problems(spec: BatchSpec, free_bytes: Callable[[str], int]) -> Iterator[str]:
    floor = spec.disk_floor_bytes
    directory = next(path for path in Path(spec.directory).parents if path.is_dir())
    free = free_bytes(str(directory))
    if floor and free < floor:
        yield (
            f"disk_floor: {directory} has {free / _GIB:.1f} GiB free, below the floor of"
            f" {floor / _GIB:.1f} GiB: nothing would be launched"
        )
