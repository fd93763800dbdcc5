"""Batches made from a command line: what they run, what they are called, and their file."""

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supervisor.config.emit import emitted
from supervisor.config.load import HOME, ONE_LINER
from supervisor.config.names import digest, slug, slugs
from supervisor.config.source import Plain, read
from supervisor.ports import ConfigError

_HEAD = (
    "# Written by `overnight {command}`. `overnight save FILE` makes a file of your own from it.\n"
)
_MARK = "# from: "
_OPERATORS = frozenset(["|", "||", "&&", ";", "&", ">", ">>", "<", "2>", "2>>", "&>", "2>&1", "|&"])
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_LAUNCHERS = re.compile(
    r"(python|pypy)[\d.]*|bash|sh|dash|zsh|env|uv|uvx|poetry|run|exec|nohup|time"
)
_LONGEST_NAME = 40
_SHELL_TEXT = re.compile(r"[\s;|&<>$`*?(]")
_HOLE = re.compile(r"\{(\d*)\}")
_GNU_ONLY = re.compile(r"\{(?:[./#+]|//|/\.|\d+[./]+)\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """Values for a command: one of ``values`` and ``lines`` (a file) is given."""

    values: tuple[str, ...] = ()
    lines: str | None = None

    def keys(self) -> Plain:
        """Return them as ``for`` takes them."""
        return {"lines": self.lines} if self.lines is not None else list(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class OneLine:
    """A batch that a command line describes."""

    name: str
    """What to call it when nothing else is said."""
    origin: str
    """What makes it the same batch when it is given again; its values may differ."""
    work: dict[str, Plain]
    """Keys of the batch file."""


def command_line(words: Sequence[str], inputs: Sequence[Inputs] = ()) -> OneLine:
    """Return the batch that runs ``words``, once or for every combination of ``inputs``.

    One word with spaces is a shell command; several words are taken as they are, without a shell,
    unless one of them is a shell operator or the first an assignment.

    Raises:
        ConfigError: there is no command, or it asks for what does not exist.
    """
    if not words or not words[0].strip():
        raise ConfigError(["no command after --; write: overnight run -- python train.py"])
    names = ["arg"] if len(inputs) == 1 else [f"arg{at}" for at in range(1, len(inputs) + 1)]
    run: str | list[str] = _shell_text(words) if _wants_shell(words) else list(words)
    if inputs:
        run = _filled(run, names)
    work: dict[str, Plain] = {"run": run}
    if inputs:
        work["for"] = {name: each.keys() for name, each in zip(names, inputs, strict=True)}
    origin = run if isinstance(run, str) else shlex.join(run)
    return OneLine(name=_program(words), origin=origin, work=work)


def command_list(text: str, source: str) -> OneLine:
    """Return the batch that runs each line of ``text``, a shell command each, once.

    Blank lines and lines that begin with ``#`` are passed over; a backslash at the end of a line goes
    on in the next.

    Raises:
        ConfigError: there is no command, or one stands there twice.
    """
    commands: dict[str, int] = {}
    problems: list[str] = []
    for number, line in _commands(text):
        if line in commands:
            problems.append(
                f"{source}:{number}: the same command as in line {commands[line]}; let the two"
                " differ, for example by a comment at the end"
            )
        commands.setdefault(line, number)
    if problems or not commands:
        raise ConfigError(problems or [f"{source}: no commands"])
    names = slugs(list(commands))
    tasks: list[Plain] = [
        {"id": name, "run": line} for name, line in zip(names, commands, strict=True)
    ]
    name = "commands" if source == "-" else slug(Path(source).stem)
    return OneLine(name=name, origin=f"commands of {source}", work={"tasks": tasks})


def write(
    one: OneLine, directory: Path, *, parallel: int | None, name: str | None, command: str = "run"
) -> Path:
    """Write the batch file of ``one`` into its state directory below ``directory``; return its path.

    Given again, the same command line goes to the same place. Another one whose name is taken gets
    a name of its own, unless ``name`` was chosen.
    """
    directory = directory.resolve()
    chosen = name or _free_name(one, directory)
    path = directory / HOME / chosen / ONE_LINER
    keys: dict[str, Any] = {"batch": chosen, "cwd": str(directory)}
    if parallel is not None:
        keys["parallel"] = parallel
    _save(path, {**keys, **one.work}, f"{_HEAD.format(command=command)}{_origin(one)}")
    return path


def add_to_adhoc(directory: Path, group: str, task: dict[str, Plain]) -> Path:
    """Add a task to the batch file of ``adhoc`` below ``directory``, made if need be; return its path.

    Adding the same task again changes nothing.

    Raises:
        ConfigError: another task of the group has its id.
    """
    directory = directory.resolve()
    path = directory / HOME / "adhoc" / ONE_LINER
    kept = read(path.read_text("utf-8"), str(path)).value if path.exists() else None
    fresh: dict[str, Any] = {"batch": "adhoc", "cwd": str(directory)}
    keys = kept if isinstance(kept, dict) else fresh
    groups: dict[str, Any] = keys.setdefault("groups", {})
    tasks: list[dict[str, Any]] = groups.setdefault(group, {"tasks": []})["tasks"]
    if any(other["id"] == task["id"] and other != task for other in tasks):
        raise ConfigError([f"{path}: {group}/{task['id']} is another task; choose one with --id"])
    if task not in tasks:
        tasks.append(task)
    _save(path, keys, _HEAD.format(command="add"))
    return path


def _save(path: Path, keys: dict[str, Any], head: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.touch(mode=0o600)
    temporary.write_text(head + emitted(keys), encoding="utf-8")
    temporary.replace(path)


def _origin(one: OneLine) -> str:
    return f"{_MARK}{digest(one.origin)}\n"


def _free_name(one: OneLine, directory: Path) -> str:
    taken = directory / HOME / one.name / ONE_LINER
    if not taken.parent.exists() or (taken.is_file() and _origin(one) in taken.read_text("utf-8")):
        return one.name
    return f"{one.name}-{digest(one.origin)}"


def _commands(text: str) -> Iterator[tuple[int, str]]:
    """Yield each command with the number of its first line."""
    begun: list[str] = []
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if not begun and (not line.strip() or line.lstrip().startswith("#")):
            continue
        begun.append(line.rstrip("\r"))
        if not begun[-1].endswith("\\") or number == len(lines):
            yield number - len(begun) + 1, "\n".join(begun).strip()
            begun = []


def _wants_shell(words: Sequence[str]) -> bool:
    alone = len(words) == 1 and bool(_SHELL_TEXT.search(words[0]))
    return alone or bool(_OPERATORS & set(words)) or bool(_ASSIGNMENT.match(words[0]))


def _shell_text(words: Sequence[str]) -> str:
    if len(words) == 1:
        return words[0]
    return " ".join(word if word in _OPERATORS else _quoted(word) for word in words)


def _quoted(word: str) -> str:
    """Quote a word for the shell, but not the holes in it: they are quoted when they are filled."""
    assigned = _ASSIGNMENT.match(word)
    head = assigned[0] if assigned else ""
    pieces = re.split(r"(\{\w*\})", word[len(head) :])
    quoted = [p if at % 2 else shlex.quote(p) if p else "" for at, p in enumerate(pieces)]
    return head + "".join(quoted) if word else "''"


def _filled(run: str | list[str], names: list[str]) -> str | list[str]:
    """Put names into the holes of GNU parallel: ``{}``, ``{1}``; with none, at the end."""
    words = [run] if isinstance(run, str) else run
    for word in words:
        if unknown := _GNU_ONLY.search(word):
            raise ConfigError(
                [f"{unknown[0]} is not supported; {{}}, {{1}}, {{%}} and {{task}} are"]
            )
    ends = [f"{{{name}}}" for name in names]
    if not any(_HOLE.search(word) for word in words):
        return f"{run} {' '.join(ends)}" if isinstance(run, str) else [*words, *ends]

    def name_of(hole: re.Match[str]) -> str:
        if not hole[1]:
            return " ".join(ends)
        if not 1 <= int(hole[1]) <= len(ends):
            raise ConfigError([f"{hole[0]} has no values: there are {len(ends)} lists after :::"])
        return ends[int(hole[1]) - 1]

    filled = [_HOLE.sub(name_of, word).replace("{%}", "{slot}") for word in words]
    return filled[0] if isinstance(run, str) else filled


def _program(words: Sequence[str]) -> str:
    """Return a name for what runs: the first word that is no interpreter and no flag, bare."""
    parts = [part for word in words for part in _parts(word)]
    for part in parts:
        bare = part.rpartition("/")[2]
        if not (part.startswith("-") or _ASSIGNMENT.match(part) or _LAUNCHERS.fullmatch(bare)):
            return slug(re.sub(r"\.(py|sh|bash|pl|rb|js|R)$", "", bare))[:_LONGEST_NAME]
    return slug(parts[0].rpartition("/")[2])[:_LONGEST_NAME] if parts else "command"


def _parts(word: str) -> list[str]:
    try:
        return shlex.split(word) if _SHELL_TEXT.search(word) else [word]
    except ValueError:
        return word.split()


def exported(path: Path, folder: Path) -> str:
    """Return the one-liner's batch file at ``path`` as the text of a file that lies in ``folder``.

    Paths in it are absolute and stay true anywhere; ``cwd`` is left out where it is the default.

    Raises:
        ConfigError: the file cannot be read.
    """
    try:
        document = read(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise ConfigError([f"{path}: cannot read it: {error.strerror}"]) from error
    keys: dict[str, Any] = document.value if isinstance(document.value, dict) else {}
    if keys.get("cwd") == str(folder):
        del keys["cwd"]
    if str(keys.get("parallel", "")).isdigit():
        keys["parallel"] = int(keys["parallel"])
    return emitted(keys)
