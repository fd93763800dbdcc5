"""Keeps whose containers are for engines to come: ``containers.jsonl`` in the state directory.

A line each, ``{"id", "task", "attempt", "how"}``, ``task`` null where somebody else made it. Proof is had
while a container is made; an engine that begins later could not find it again.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from supervisor.core.names import TaskId
from supervisor.core.ownership import Maker

log = logging.getLogger(__name__)

FILE = "containers.jsonl"
_MOST = 20_000
"""Lines that count: of more containers than that nobody asks any more."""


class Ledger:
    """What is known of one batch's containers, in memory and in its file."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self.makers: dict[str, Maker] = dict(read(directory))

    def keep(self, makers: Mapping[str, Maker]) -> None:
        """Remember ``makers``; the first word about a container counts.

        What cannot be written for want of space is known as long as this engine lives.
        """
        new = {id_: maker for id_, maker in makers.items() if id_ not in self.makers}
        if not new:
            return
        self.makers.update(new)
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.writelines(_line(id_, maker) for id_, maker in new.items())
        except OSError as error:
            log.warning("owners of containers cannot be kept", exc_info=error)


def read(directory: Path) -> dict[str, Maker]:
    """Return what a batch's file tells, by container id; nothing where it has none."""
    try:
        text = (directory / FILE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, Maker] = {}
    for line in text.splitlines()[-_MOST:]:
        try:
            said: Any = json.loads(line)
            maker = Maker(
                task=TaskId(said["task"]) if said["task"] is not None else None,
                attempt=int(said["attempt"]),
                how=str(said["how"]),
            )
            found.setdefault(str(said["id"]), maker)
        except (ValueError, LookupError, TypeError):
            continue  # cut short by a crash or a full disk
    return found


def claimed(directories: Iterable[Path]) -> frozenset[str]:
    """Return the containers that the batches in ``directories`` have proof for."""
    return frozenset(
        id_
        for directory in directories
        for id_, maker in read(directory).items()
        if maker.task is not None
    )


def _line(id_: str, maker: Maker) -> str:
    said = {"id": id_, "task": maker.task, "attempt": maker.attempt, "how": maker.how}
    return json.dumps(said) + "\n"
