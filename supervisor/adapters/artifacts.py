"""Writes the files beside the journal that people and scripts read."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

from supervisor.core.models import TaskId
from supervisor.core.places import encoded, task_dir
from supervisor.ports import ArtifactError

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
        _replace(directory / "error.log", error_log)
        _replace(directory / "state.json", _json(document))

    def summaries(
        self,
        failed: Mapping[str, Sequence[Mapping[str, object]]],
        copies: Mapping[str, str],
        summary: Mapping[str, object],
    ) -> None:
        """Write each group's failed list (and its copy at ``copies[group]``) and the summary.

        Raises:
            ArtifactError: one or more could not be written; all others were.
        """
        files = {
            self._state_dir / f"{encoded(group)}_failed_tasks.json": _rows(tasks) + "\n"
            for group, tasks in failed.items()
        }
        files |= {
            # Whoever made it a link wants the file behind it.
            Path(path).resolve(): _rows(failed[group]) + "\n"
            for group, path in copies.items()
            if group in failed
        }
        files[self._state_dir / "batch_summary.json"] = _long_json(summary)
        self._replace_all(files)

    def report(self, text: str) -> None:
        """Write ``report.md``.

        Raises:
            ArtifactError: no space, or no right to write there.
        """
        _replace(self._state_dir / "report.md", text)

    def _replace_all(self, files: Mapping[Path, str]) -> None:
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


def _long_json(document: Mapping[str, object]) -> str:
    """Return JSON with a line for each item of its lists: indenting 20,000 results takes seconds."""
    lines: list[str] = []
    for key, value in document.items():
        if isinstance(value, list):
            items = cast("list[object]", value)
            lines.append(f"  {_compact(key)}: {_rows(items, '  ')}")
        else:
            lines.append(f"  {_compact(key)}: {_compact(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _rows(items: Sequence[object], indent: str = "") -> str:
    lines = [f"\n{indent}  {_compact(item)}" for item in items]
    return f"[{','.join(lines)}\n{indent}]" if lines else "[]"


def _replace(path: Path, text: str) -> None:
    """Put ``text`` where ``path`` is, durably and in one step; a file with that text is left."""
    # A lone surrogate becomes the escape that JSON reads back.
    data = text.encode("utf-8", "backslashreplace")
    partial = path.with_name(f"{path.name}.tmp")
    try:
        if _holds(path, data):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(partial, data)
        partial.replace(path)
        _sync(path.parent)
    except OSError as error:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise ArtifactError(f"{path} cannot be written: {error.strerror or error}") from error


def _holds(path: Path, data: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data


def _write(path: Path, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(file, rest) :]
        os.fsync(file)
    finally:
        os.close(file)


def _sync(directory: Path) -> None:
    file = os.open(directory, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
