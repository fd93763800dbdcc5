"""A folder of results, and a look at it."""

import os
from pathlib import Path

from supervisor.ports import Look

BEGAN = 1_700_000_000.0


def look(cwd: Path, *globs: str, said: str = "", shared: bool = False, **more: object) -> Look:
    """Return a look below ``cwd`` by an attempt that began at ``BEGAN`` and wrote ``said``."""
    log = cwd / "stdout.log"
    log.write_text(said)
    given = {"globs": globs, "cwd": cwd, "since": BEGAN, "logs": (log,), "shared": shared, **more}
    return Look(**given)  # type: ignore[arg-type] - the tests say what they need


def written(path: Path, text: str | bytes, *, after_s: float = 60.0) -> Path:
    """Write a file as of ``after_s`` seconds after the attempt began."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return aged(path, after_s)


def aged(path: Path, after_s: float) -> Path:
    """Give a file its time."""
    os.utime(path, (BEGAN + after_s, BEGAN + after_s))
    return path
