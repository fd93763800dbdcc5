"""Where things lie on disk, as text; nothing here touches the disk."""

import hashlib
from functools import lru_cache

from supervisor.core.models import TaskId

_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+=@,")
CONTAINERS = "containers"
"""Below an attempt's directory: a folder for each container that was ended, with what was saved."""
MARKS = "marks"
"""In an attempt's directory: what its runner says of itself, a line at a time."""
INSIDE = "inside"
"""In such a folder: the files that lay inside of the container."""
_LONGEST = 200
"""Below the 255 bytes that file systems allow, with room for suffixes."""


@lru_cache(maxsize=512)
def encoded(name: str) -> str:
    """Return ``name`` as one file name: other characters percent-encoded as UTF-8, reversibly.

    A result over 200 bytes is cut and ends in ``%~`` and 16 hex digits of the name's SHA-256; the
    name itself is then found in ``spec.json``.
    """
    if _PLAIN.issuperset(name) and len(name) <= _LONGEST and name and name[0] != ".":
        return name
    text = "".join(
        char
        if char in _PLAIN
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "surrogateescape"))
        for char in name
    )
    if text.startswith("."):
        text = "%2E" + text[1:]
    if len(text) > _LONGEST:
        digest = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:16]
        text = f"{text[: _LONGEST - 20]}%~{digest}"
    return text or "%"


def task_dir(state_dir: str, task: TaskId) -> str:
    """Return the directory of a task: ``tasks/<group>/<task>``."""
    group, _, name = task.partition("/")
    return f"{state_dir}/tasks/{encoded(group)}/{encoded(name)}"


def attempt_dir(state_dir: str, task: TaskId, attempt: int) -> str:
    """Return the directory of an attempt."""
    return f"{task_dir(state_dir, task)}/attempt-{attempt}"


def state_home(home: str) -> str:
    """Return where engines of this user announce themselves."""
    return f"{home}/.local/state/overnight"


def socket_path(run_dir: str, uuid: str) -> str:
    """Return the engine's socket in ``run_dir`` for the batch ``uuid``."""
    return f"{run_dir}/{uuid.replace('-', '')[:16]}.sock"
