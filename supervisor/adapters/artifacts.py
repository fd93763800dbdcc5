"""Writes the files beside the journal that people and scripts read."""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import cast

from supervisor.core.made import Made
from supervisor.core.models import TaskId
from supervisor.core.places import encoded, task_dir
from supervisor.ports import ArtifactError

Text = Callable[[], Iterable[str]]
"""Makes a text piece by piece, anew at each call: nobody needs all of a long one in memory."""

_compact = json.JSONEncoder(ensure_ascii=False).encode


class FileArtifacts:
    """Implements ``Artifacts`` below a state directory.

    A file is either the whole new one or the whole old one, whatever happens; only this user can
    read it. A half-written ``*.tmp`` of a killed engine is overwritten by the next.
    """

    def __init__(self, state_dir: Path) -> None:
        self._state_dir = state_dir

    def task_failed(self, task: TaskId, document: Mapping[str, object], error_log: str) -> None:
        """Write ``state.json`` and ``error.log`` of a task that failed.

        Raises:
            ArtifactError: no space, or no right to write there.
        """
        directory = Path(task_dir(str(self._state_dir), task))
        _replace(directory / "error.log", lambda: (error_log,))
        _replace(directory / "state.json", lambda: (_json(document),))

    def summaries(
        self,
        failed: Mapping[str, Iterable[Mapping[str, object]]],
        copies: Mapping[str, str],
        summary: Mapping[str, object],
    ) -> None:
        """Write each group's failed list (and its copy at ``copies[group]``) and the summary.

        Raises:
            ArtifactError: one or more could not be written; all others were.
        """
        files = {
            self._state_dir / f"{encoded(group)}_failed_tasks.json": partial(_list, tasks)
            for group, tasks in failed.items()
        }
        files |= {
            # Whoever made it a link wants the file behind it.
            Path(path).resolve(): partial(_list, failed[group])
            for group, path in copies.items()
            if group in failed
        }
        files[self._state_dir / "batch_summary.json"] = partial(_long_json, summary)
        self._replace_all(files)

    def report(self, text: str) -> None:
        """Write ``report.md``.

        Raises:
            ArtifactError: no space, or no right to write there.
        """
        _replace(self._state_dir / "report.md", lambda: (text,))

    def _replace_all(self, files: Mapping[Path, Text]) -> None:
        faults: list[str] = []
        for path, text in files.items():
            try:
                _replace(path, text)
            except ArtifactError as error:
                faults.append(str(error))
        if faults:
            raise ArtifactError("; ".join(faults))


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _list(items: Iterable[object]) -> Iterator[str]:
    yield from _rows(items)
    yield "\n"


def _long_json(document: Mapping[str, object]) -> Iterator[str]:
    """Yield JSON with a line for each item of its lists: indenting 20,000 results takes seconds."""
    between = "{\n"
    for key, value in document.items():
        yield f"{between}  {_compact(key)}: "
        between = ",\n"
        if isinstance(value, list | Made):
            yield from _rows(cast("Iterable[object]", value), "  ")
        else:
            yield _compact(value)
    yield "\n}\n" if document else "{}\n"


def _rows(items: Iterable[object], indent: str = "") -> Iterator[str]:
    between = "["
    for item in items:
        yield f"{between}\n{indent}  {_compact(item)}"
        between = ","
    yield "[]" if between == "[" else f"\n{indent}]"


def _replace(path: Path, text: Text) -> None:
    """Put ``text`` where ``path`` is, durably and in one step; a file with that text is left."""
    unfinished = path.with_name(f"{path.name}.tmp")
    try:
        if path.is_file() and _holds(path, text):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(unfinished, text)
        unfinished.replace(path)
        _sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise ArtifactError(f"{path} cannot be written: {error.strerror or error}") from error


def _holds(path: Path, text: Text) -> bool:
    with path.open("rb") as file:
        return all(file.read(len(data)) == data for data in _encoded(text)) and not file.read(1)


def _write(path: Path, text: Text) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(_encoded(text))
        file.flush()
        os.fsync(descriptor)


def _encoded(text: Text) -> Iterator[bytes]:
    # A lone surrogate becomes the escape that JSON reads back.
    return (piece.encode("utf-8", "backslashreplace") for piece in text())


def _sync(directory: Path) -> None:
    file = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
