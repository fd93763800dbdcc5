"""Tells which attempts speak to the container engine at this moment, and what about."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from supervisor.adapters.containers import peers
from supervisor.adapters.local.procfs import command_line, environ, process
from supervisor.core.names import TaskId

_LOOKING = frozenset(
    {"events", "info", "inspect", "logs", "images", "port", "ps", "stats", "top", "version", "wait"}
)
"""Words of Docker's command line that make nothing."""
_GROUPS = frozenset({"container", "image", "system"})
_CLIENTS = frozenset({"docker", "docker-compose", "podman", "nerdctl"})
_DEEPEST = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """A process that is connected to the engine."""

    words: tuple[str, ...] = ()
    """Its command line; empty: it cannot be seen."""
    task: TaskId | None = None
    """None: of no attempt of this batch."""
    attempt: int = 0

    def names(self, *words: str) -> bool:
        """Whether it is Docker's command line or like it and says one of ``words``, also behind ``=``."""
        if not self.words or PurePath(self.words[0]).name not in _CLIENTS:
            return False
        said = {part for word in self.words for part in (word, word.partition("=")[2])}
        return any(word in said for word in words)


def speakers(path: str, uuid: str) -> list[Speaker]:
    """Return who is connected to the engine's socket and could make containers through it.

    Not among them: this process, engines and commands of ours, and clients that only look.

    Raises:
        OSError: the kernel does not tell.
    """
    connected = peers.clients(path)
    mine = os.geteuid()
    # Another user's descriptors cannot be seen: there is no use in looking for them.
    seen = [one for one in connected if mine == 0 or one.uid in {None, mine}]
    holders = peers.holders({one.inode for one in seen})
    pids = set(holders.values()) - {os.getpid()}
    found = [_speaker(pid, uuid) for pid in pids]
    hidden = sum(one.inode not in holders for one in connected)
    return [one for one in found if not only_looks(one.words)] + [Speaker()] * hidden


def _speaker(pid: int, uuid: str) -> Speaker:
    words = tuple(
        word.decode("utf-8", "replace") for word in command_line(pid).rstrip(b"\0").split(b"\0")
    )
    task, attempt = attempt_of(pid, uuid)
    return Speaker(words=words, task=task, attempt=attempt)


def attempt_of(pid: int, uuid: str) -> tuple[TaskId | None, int]:
    """Return the attempt of the batch ``uuid`` whose mark a process or an ancestor carries, or none."""
    mark = f"OVERNIGHT_BATCH_UUID={uuid}".encode()
    for _ in range(_DEEPEST):
        if pid <= 1:
            break
        said = environ(pid).split(b"\0")
        if mark in said:
            return _marked(said)
        seen = process(pid)
        pid = seen.parent if seen is not None else 0
    return None, 0


def _marked(said: Sequence[bytes]) -> tuple[TaskId | None, int]:
    values = {name: value for name, _, value in (entry.partition(b"=") for entry in said)}
    task = values.get(b"OVERNIGHT_TASK", b"").decode("utf-8", "surrogateescape")
    attempt = values.get(b"OVERNIGHT_ATTEMPT", b"")
    return (TaskId(task) if task else None), int(attempt) if attempt.isdigit() else 0


def only_looks(words: Sequence[str]) -> bool:
    """Return whether a command line makes no containers: Docker's own that lists or follows, or ours."""
    if not words:
        return False
    if any(word.startswith("supervisor.cli") for word in words[1:4]):
        return True
    name = PurePath(words[0]).name
    if name not in _CLIENTS:
        return "overnight" in (name, *(PurePath(word).name for word in words[1:2]))
    # An option's value may stand before the command's own word; then it counts as one that makes.
    said = [word for word in words[1:] if not word.startswith("-") and word not in _GROUPS]
    return bool(said) and said[0] in _LOOKING
