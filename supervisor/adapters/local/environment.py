"""The environment of an attempt: the engine's own, then the env file, then the overlay."""

import re
from collections.abc import Mapping
from pathlib import Path

from supervisor.ports import Ref

MARKS = "OVERNIGHT_MARKS"
"""Names the file to which a runner appends what it says of itself."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\]|\\.)*)"\s*(?:#.*)?', re.DOTALL)
_SINGLE = re.compile(r"'([^']*)'\s*(?:#.*)?", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


class EnvFileError(Exception):
    """The env file cannot be used; the text names file and line, never a value."""


def read_env_file(path: str) -> dict[str, str]:
    """Return the assignments of an env file.

    ``KEY=VALUE`` lines, ``export`` before them, single or double quotes (the latter with
    backslash escapes), comments and blank lines. Nothing is expanded.

    Raises:
        EnvFileError: it cannot be read, or a line is no assignment.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise EnvFileError(f"env_file {path}: {error.strerror}") from error
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(line)
        value = _unquoted(match[2].strip()) if match else None
        if match is None or value is None or "\0" in value:
            raise EnvFileError(f"env_file {path}, line {number}: not KEY=VALUE")
        found[match[1]] = value
    return found


def mark(uuid: str, ref: Ref) -> dict[str, str]:
    """Return the names by which a process says to which attempt it belongs."""
    return {
        "OVERNIGHT_BATCH_UUID": uuid,
        "OVERNIGHT_TASK": ref.task,
        "OVERNIGHT_ATTEMPT": str(ref.attempt),
    }


def composed(
    inherited: Mapping[str, str], from_file: Mapping[str, str], overlay: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment a command gets, before its mark."""
    return {"PYTHONUNBUFFERED": "1"} | dict(inherited) | dict(from_file) | dict(overlay)


def shell_functions(environment: Mapping[str, str]) -> list[str]:
    """Return the exported bash functions as ``NAME=VALUE``.

    dash and busybox drop every variable whose name is no identifier; without this the commands
    of a cluster's ``module`` function would be missing in every attempt.
    """
    return [
        f"{name}={environment[name]}"
        for name in environment
        if name[:10] == "BASH_FUNC_" and not _NAME.fullmatch(name)
    ]


def _unquoted(text: str) -> str | None:
    """Return a value without its quotes and comment; None if a quote stays open."""
    if text.startswith('"'):
        double = _DOUBLE.fullmatch(text)
        return (
            _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), double[1])
            if double
            else None
        )
    if text.startswith("'"):
        single = _SINGLE.fullmatch(text)
        return single[1] if single else None
    return re.sub(r"(?:^|\s+)#.*", "", text)
