"""Results in a JSONL file, each recorded the moment it is there; what is recorded is not done again.

The first line is ``{"kit":1,"settings":{…}}``; then one line for each outcome,
``{"item":KEY,"result":…,"of":HASH}`` or ``{"item":KEY,"error":{"class","text"},"of":HASH}``.
Of one key the last line counts. ``jq 'select(.result)'`` reads it.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal, Self

from supervisor.kit.appending import AppendedLines, Sync
from supervisor.kit.errors import CheckpointError, InputChangedError, KitError
from supervisor.kit.files import StrPath, sync_directory
from supervisor.kit.records import (
    VERSION,
    Outcome,
    Record,
    is_torn_head,
    line_of,
    outcome_in,
    record_in,
)

__all__ = ["Changed", "Outcome", "Results", "Sync"]

Changed = Literal["refuse", "again", "keep"]
"""What to do where settings or an item are not what they were: say so, do it again, or keep the old."""


class Results:
    """The outcomes recorded in ``path``, and where new ones go; close it, or use it in a ``with``.

    ``settings`` is what all results depend on, such as model and prompt; resuming with others is
    refused, starts over (``again``; the old lines stay in the file) or goes on (``keep``).
    ``of`` is a hash of the item (``identity.content_of``), by which a changed one is noticed.

    Raises:
        BusyError: another process records into it.
        CheckpointError: it cannot be opened, or is no file of ours.
        InputChangedError: the settings differ, and ``changed`` is ``refuse``.
    """

    def __init__(
        self,
        path: StrPath,
        *,
        settings: Mapping[str, object] | None = None,
        changed: Changed = "refuse",
        sync: Sync = "always",
    ) -> None:
        self.path = Path(path)
        self.unreadable = 0
        """Lines that nobody can read; their items are done again."""
        self._known: dict[str, tuple[str, str]] = {}
        """Class of its error (empty: it is done) and hash of each item."""
        self._sync: Sync = sync
        self._lines = AppendedLines(self.path, sync)
        try:
            self._begin(self._load(), settings or {}, changed)
        except BaseException:
            self._lines.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __len__(self) -> int:
        return len(self._known)

    def close(self) -> None:
        """Make everything durable; nothing can be recorded any more."""
        self._lines.close()

    def state(self, key: str) -> Literal["done", "failed"] | None:
        """Return what became of the item; None: nothing yet."""
        known = self._known.get(key)
        return None if known is None else "failed" if known[0] else "done"

    def error_class(self, key: str) -> str:
        """Return the class of the error that the item failed with; empty: it did not fail."""
        return self._known.get(key, ("", ""))[0]

    def content(self, key: str) -> str:
        """Return the hash of the item when its outcome was recorded; empty: not known."""
        return self._known.get(key, ("", ""))[1]

    def keys(self, state: Literal["done", "failed"]) -> set[str]:
        """Return the keys of all items in that state."""
        failed = state == "failed"
        return {key for key, (kind, _) in self._known.items() if bool(kind) is failed}

    def forget(self, key: str) -> None:
        """Let the item be done again; the file changes once its new outcome is recorded."""
        self._known.pop(key, None)

    def done(self, key: str, result: object = None, *, of: str = "") -> None:
        """Record a result; once this returns, nothing but its own kind replaces it.

        Raises:
            CheckpointError: it could not be written.
            KitError: the result is nothing that JSON has.
        """
        self._record({"item": key, "result": result, "of": of})
        self._known[key] = ("", of)

    def failed(
        self, key: str, error: str, *, error_class: str = "unknown", trace: str = "", of: str = ""
    ) -> None:
        """Record that an item failed; raises as ``done`` does."""
        told = {"class": error_class, "text": error} | ({"trace": trace} if trace else {})
        self._record({"item": key, "error": told, "of": of})
        self._known[key] = (error_class or "unknown", of)

    def outcomes(self) -> Iterator[Outcome]:
        """Yield the outcome of each item that counts, read from the file, in the order of recording."""
        last: dict[str, int] = {}
        for number, record in self._records():
            if "item" in record:
                last[record["item"]] = number
            elif record.get("again"):
                last.clear()
        for number, record in self._records():
            if "item" in record and last.get(record["item"]) == number:
                yield outcome_in(record)

    def _record(self, record: Record) -> None:
        try:
            line = line_of(record)
        except (TypeError, ValueError, RecursionError) as error:
            raise KitError(f"{record['item']}: the result cannot be recorded: {error}") from error
        self._lines.append(line)

    def _records(self) -> Iterator[tuple[int, Record]]:
        for number, (line, _) in enumerate(self._lines.lines()):
            record = record_in(line)
            if record is not None:
                yield number, record

    def _load(self) -> Record | None:
        """Take in what is recorded and return the last header; a torn last line is cut off."""
        header, whole_to = None, 0
        for line, is_whole in self._lines.lines():
            record = record_in(line)
            if header is None and _is_foreign(line, record, is_whole):
                raise CheckpointError(
                    f"{self.path}: no file of results of this kit; name another one"
                )
            if record is None and not is_whole:
                self._lines.cut(whole_to)
            elif record is None:
                self.unreadable += bool(line)
            elif "kit" in record:
                header = self._header(record)
            else:
                one = outcome_in(record)
                kind = "" if one.error is None else one.error_class or "unknown"
                self._known[one.key] = (kind, one.of)
            whole_to += len(line) + 1
        if self.unreadable:
            self._warn()
        return header

    def _header(self, record: Record) -> Record:
        if record["kit"] != VERSION:
            raise CheckpointError(
                f"{self.path}: of version {record['kit']}, and this is version {VERSION} of the kit"
            )
        if record.get("again"):
            self._known.clear()
        return record

    def _begin(
        self, header: Record | None, settings: Mapping[str, object], changed: Changed
    ) -> None:
        """Write the settings down, unless they are there already."""
        record: dict[str, object] = {"kit": VERSION, "settings": settings}
        line = line_of(record)
        known: Mapping[str, object] = {} if header is None else header.get("settings") or {}
        now: Mapping[str, object] = json.loads(line)["settings"]
        if header is not None and known == now:
            return
        if header is not None and changed == "refuse":
            raise InputChangedError(_differs(self.path, known, now))
        if header is not None and changed == "again":
            self._known.clear()
            line = line_of({**record, "again": True})
        self._lines.append(line, durable=self._sync != "never")
        if header is None and self._sync != "never":
            sync_directory(self.path.parent)

    def _warn(self) -> None:
        sys.stderr.write(
            f"{self.path}: {self.unreadable} lines cannot be read; their items are done again\n"
        )


def _is_foreign(line: bytes, record: Record | None, is_whole: bool) -> bool:
    """Tell whether the first line shows that the file is something else."""
    if record is None:
        return is_whole or not is_torn_head(line)
    return "kit" not in record


def _differs(path: Path, known: Mapping[str, object], now: Mapping[str, object]) -> str:
    names = [name for name in {**known, **now} if known.get(name) != now.get(name)]
    shown = ", ".join(f"{name} was {known.get(name)!r}, is {now.get(name)!r}" for name in names[:3])
    return (
        f"{path}: recorded with other settings ({shown}); pass changed='again' to start over,"
        " changed='keep' to go on, or name another file"
    )
