"""Files and directories without pathlib, whose import takes a third of a bare start."""

# ruff: noqa: PTH109, PTH111, PTH110, PTH112, PTH113, PTH120, PTH123, PTH208, PTH202 - no pathlib here

import os

from supervisor.cli.plain_json import is_object, loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO


def cwd() -> str:
    """Return the current directory, without symbolic links."""
    return os.getcwd()


def in_home(path: str) -> str:
    """Return ``path`` below the user's home directory."""
    return os.path.expanduser(f"~/{path}")


def real(path: str) -> str:
    """Return ``path`` absolute and without symbolic links."""
    return os.path.realpath(path)


def parent(path: str) -> str:
    """Return the directory that holds ``path``."""
    return os.path.dirname(path)


def exists(path: str) -> bool:
    """Return whether anything is at ``path``."""
    return os.path.exists(path)


def is_file(path: str) -> bool:
    """Return whether a file is at ``path``."""
    return os.path.isfile(path)


def is_directory(path: str) -> bool:
    """Return whether a directory is at ``path``."""
    return os.path.isdir(path)


def names(folder: str) -> list[str]:
    """Return what lies in ``folder``, sorted; nothing when it cannot be read."""
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def size_of(path: str) -> int:
    """Return the size of a file in bytes; 0 when there is none."""
    try:
        return os.path.getsize(path)
    except OSError:
        return 0


def first_line(path: str) -> str | None:
    """Return the first line of a small file; None when it cannot be read."""
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.readline().rstrip("\n")
    except OSError:
        return None


def facts(path: str) -> dict[str, object] | None:
    """Return the JSON object in a file; None when there is none."""
    try:
        with open(path, encoding="utf-8") as file:
            document = loads(file.read())
    except (OSError, ValueError):
        return None
    return document if is_object(document) else None


def opened(path: str) -> "BinaryIO":
    """Open a file to read its bytes; it may be missing: FileNotFoundError."""
    return open(path, "rb")
