"""Puts together all that is known of one task: what the core, the journal and the disk say."""

import glob
import json
import os
import socket
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from supervisor.core.models import TaskId
from supervisor.core.night import Event
from supervisor.core.redact import redact
from supervisor.core.state import Batch
from supervisor.core.task_page import FileRow, Ran, TaskPage, page
from supervisor.core.told import Told
from supervisor.engine.looking import look_for
from supervisor.ports import Decision, Ref

_MOST_FILES = 60
_MOST_RESULTS = 20
_LARGEST_SPEC = 1 << 20
_INTERNAL = frozenset({"started", "exit", "spec.json", "claim.json", "end.json", "logs.json"})
"""Files that tell an engine about an attempt, and nobody else anything."""


def task_page(
    batch: Batch,
    task: TaskId,
    now: float,
    decided: Sequence[Decision],
    directory: Path | None,
    said: Told | None = None,
) -> TaskPage:
    """Return the page of a task; reads its directory, and ``directory``, that of its last attempt.

    ``said`` is what its living attempt says of itself.
    """
    ran = None if directory is None else _ran(directory)
    events = [
        Event(at=one.at, kind=one.kind, subject=one.subject, text=one.text) for one in decided
    ]
    made = page(batch, task, now, events, ran, said)
    found = [*islice(_own(Path(made.directory)), _MOST_FILES)]
    if directory is not None:
        found += islice(_results(batch, task, directory), _MOST_RESULTS)
    return replace(made, files=tuple(found), host=socket.gethostname())


def _ran(directory: Path) -> Ran | None:
    """Return what an attempt was launched with; None: its file is not there, or not whole."""
    try:
        with (directory / "spec.json").open("rb") as file:
            spec: Any = json.loads(file.read(_LARGEST_SPEC))
        return Ran(argv=tuple(map(str, spec["argv"])), env=tuple(map(str, spec["env"])))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _own(directory: Path) -> Iterator[FileRow]:
    """Yield the files below a task's directory, its own first, then those of its newest attempt."""
    for folder, folders, names in os.walk(directory):
        folders.sort(key=_newest_first)
        for name in sorted(set(names) - _INTERNAL):
            path = Path(folder, name)
            if (row := _row(path, str(path.relative_to(directory)))) is not None:
                yield row


def _newest_first(folder: str) -> tuple[int, str]:
    number = folder.rpartition("-")[2]
    return (-int(number) if number.isdecimal() else 0, folder)


def _results(batch: Batch, task: TaskId, directory: Path) -> Iterator[FileRow]:
    """Yield the files that its runner left where the batch file or its profile says."""
    history = batch.tasks[task].history
    named = [value for record in history[-1:] for value in record.names.values()]
    ref = Ref(task, batch.tasks[task].attempt)
    look = look_for(batch, ref, directory, since=0.0, environ=os.environ)
    cwd = batch.specs[task].cwd
    patterns = () if look is None else (*look.files, *look.globs)
    # To go through whole trees for a page that is looked at would take too long.
    plain = [pattern for pattern in patterns if "**" not in pattern]
    found = (path for pattern in plain for path in _globbed(pattern, cwd))
    for path in dict.fromkeys((*named, *islice(found, _MOST_RESULTS))):
        if (row := _row(Path(cwd, path), path)) is not None:
            yield row


def _globbed(pattern: str, cwd: str) -> Iterator[str]:
    return glob.iglob(pattern, root_dir=cwd)  # noqa: PTH207 - patterns may be absolute


def _row(path: Path, shown: str) -> FileRow | None:
    """Return a file as it is now; None: it went, or it is none."""
    try:
        seen = path.stat()
    except (OSError, ValueError):
        return None
    if path.is_dir():
        return None
    return FileRow(path=redact(shown), size_bytes=seen.st_size, changed_at=seen.st_mtime)
