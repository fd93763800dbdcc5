"""What a batch stage remembers: its journal of facts, and the manifest that is made from journals.

The journals lie beside the manifest, in ``<manifest>.d/<description>.<stage>.jsonl``.
"""

import fcntl
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, cast
from urllib.parse import quote

from supervisor.kit.appending import AppendedLines
from supervisor.kit.batches_plan import Fact
from supervisor.kit.errors import CheckpointError, InputChangedError
from supervisor.kit.files import StrPath, read_json, write_json
from supervisor.kit.records import line_of

VERSION = 1


class BatchJournal:
    """The facts of one stage. One process at a time has it open.

    Raises:
        BusyError: another process works at this stage.
        CheckpointError: it cannot be read.
        InputChangedError: it tells of other requests.
    """

    def __init__(self, manifest: StrPath, name: str, ids: Sequence[str]) -> None:
        self.path = _beside(manifest) / f"{quote(name, safe=' ')}.jsonl"
        self._lines = AppendedLines(self.path)
        try:
            self.facts = self._load()
            self._check(list(ids))
        except BaseException:
            self._lines.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lines.close()

    def add(self, fact: Fact) -> None:
        """Record a fact; once this returns it is never forgotten.

        Raises:
            CheckpointError: it could not be written.
        """
        self._lines.append(line_of(fact), durable=True)
        self.facts.append(fact)

    def _load(self) -> list[Fact]:
        import json

        facts: list[Fact] = []
        whole_to = 0
        for line, is_whole in self._lines.lines():
            try:
                facts.append(cast("Fact", json.loads(line)))
            except ValueError as error:
                if is_whole:
                    raise CheckpointError(
                        f"{self.path}: line {len(facts) + 1} is damaged; without it nobody knows"
                        " what was sent: restore the file from a copy"
                    ) from error
                self._lines.cut(whole_to)
            else:
                whole_to += len(line) + 1
        return facts

    def _check(self, ids: list[str]) -> None:
        if not self.facts:
            self.add({"fact": "began", "version": VERSION, "ids": ids})
        head = self.facts[0]
        if head.get("version") != VERSION:
            raise CheckpointError(f"{self.path}: of version {head.get('version')}; not known here")
        if head["ids"] != ids:
            raise InputChangedError(
                f"{self.path}: tells of {len(head['ids'])} other requests; name another manifest,"
                " description or stage, or move that file away to begin anew"
            )


class Manifest:
    """The JSON file of a staged run; what else is in it stays as it is."""

    def __init__(self, path: StrPath) -> None:
        self.path = Path(path)

    def tell(self, description: str, stage: int, entry: Mapping[str, object]) -> None:
        """Replace the entry of one stage under ``failed_requests``.

        Raises:
            CheckpointError: it could not be read or written.
        """
        with self._changing() as document:
            failed = document.setdefault("failed_requests", {})
            failed.setdefault(description, {})[f"stage_{stage}"] = dict(entry)

    def count(self, requests: int) -> int:
        """Add to ``submitted_requests`` and return all of them.

        Raises:
            CheckpointError: it could not be read or written.
        """
        with self._changing() as document:
            total = int(document.get("submitted_requests", 0)) + requests
            document["submitted_requests"] = total
        return total

    @contextmanager
    def _changing(self) -> Generator[dict[str, Any]]:
        # Stages of several benchmarks share the manifest, in one process or in several.
        place = _beside(self.path)
        place.mkdir(parents=True, exist_ok=True)
        lock = os.open(place / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            document = read_json(self.path, {})
            yield document
            write_json(self.path, document)
        except OSError as error:
            raise CheckpointError(f"{self.path}: {error.strerror}") from error
        finally:
            os.close(lock)


def _beside(manifest: StrPath) -> Path:
    path = Path(manifest)
    return path.with_name(path.name + ".d")
