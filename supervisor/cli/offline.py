"""What the files of a batch tell while no engine runs it."""

import time
from pathlib import Path
from typing import Any

from supervisor.adapters.journal.reading import read_stored, read_stored_decisions
from supervisor.cli import task_dirs
from supervisor.cli.batches import Entry
from supervisor.cli.text import now
from supervisor.cli.words import CommandError
from supervisor.core import documents, picture
from supervisor.core import report as reports
from supervisor.core import why as reasons
from supervisor.core.state import Batch, assemble
from supervisor.engine.service import named
from supervisor.ports import Decision, SupervisorError

_DECISIONS = 200

Document = dict[str, Any]


def status(entry: Entry) -> Document:
    """Return the document of ``status --json``; a batch that is not done is ``stopped``.

    Raises:
        CommandError: nothing is stored, or it cannot be read.
    """
    document: Document = dict(documents.status(picture.board(batch_of(entry), now())))
    if document["state"] != "done":
        document["state"] = "stopped"
    return document


def failed(entry: Entry) -> list[Document]:
    """Return the documents of ``failed --json``."""
    return [dict(one) for one in documents.failed(batch_of(entry), entry.directory)]


def why(entry: Entry, task: str) -> list[str]:
    """Return what the task waits for, and every decision about it so far."""
    batch = batch_of(entry)
    try:
        name = named(batch, task)
        told = read_stored_decisions(_journal(entry), (name,), _DECISIONS)
    except SupervisorError as error:
        raise CommandError(str(error)) from error
    return ["no engine runs this batch", *reasons.why(batch, name, now()), *map(_decided, told)]


def report(entry: Entry) -> str:
    """Return the report in Markdown."""
    return reports.report(batch_of(entry), entry.directory, now(), _moment)


def living(entry: Entry) -> int:
    """Return how many tasks of the batch run without an engine."""
    return task_dirs.living(entry.directory)


def batch_of(entry: Entry) -> Batch:
    """Return the batch as its journal holds it.

    Raises:
        CommandError: nothing is stored, or it cannot be read.
    """
    try:
        stored = read_stored(_journal(entry))
    except SupervisorError as error:
        raise CommandError(str(error)) from error
    if stored is None:
        raise CommandError(f"nothing is stored in {entry.directory}; it never ran")
    return assemble(stored.spec, stored.rows)


def _journal(entry: Entry) -> Path:
    return Path(entry.directory) / "state.db"


def _decided(one: Decision) -> str:
    return f"{_moment(one.at)}  {one.kind}: {one.text}"


def _moment(at: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(at))
