"""Which tasks a pattern means, out of the document of ``status --json``."""

import json
from fnmatch import fnmatchcase
from typing import Any

from supervisor.cli import fast
from supervisor.cli.batches import Entry
from supervisor.cli.nearest import hint
from supervisor.cli.words import CommandError

FINAL = frozenset({"succeeded", "failed", "aborted", "cancelled"})
LIVE = frozenset({"starting", "running", "frozen", "unreachable"})

Document = dict[str, Any]


def status(entry: Entry) -> Document:
    """Return the engine's ``status --json`` document."""
    document: Document = json.loads(fast.get(entry.socket, "/v1/status"))
    return document


def matching(document: Document, patterns: list[str]) -> list[Document]:
    """Return the tasks that any pattern means: ``group/id``, ``id``, a group, or a glob.

    Raises:
        CommandError: a pattern means none, or an ``id`` is in several groups.
    """
    tasks: list[Document] = document["tasks"]
    found: dict[str, Document] = {}
    for pattern in patterns:
        for task in _one(tasks, pattern):
            found[task["task"]] = task
    return list(found.values())


def _one(tasks: list[Document], pattern: str) -> list[Document]:
    exact = [task for task in tasks if task["task"] == pattern]
    if exact:
        return exact
    named = [task for task in tasks if task["task"].partition("/")[2] == pattern]
    if len(named) > 1:
        raise CommandError(f"{pattern} is in several groups: {_listed(named)}")
    found = (
        named
        or [task for task in tasks if task["task"].partition("/")[0] == pattern]
        or [task for task in tasks if fnmatchcase(task["task"], pattern)]
    )
    if not found:
        raise CommandError(f"no task {pattern}{hint(pattern, [task['task'] for task in tasks])}")
    return found


def _listed(tasks: list[Document]) -> str:
    return ", ".join(task["task"] for task in tasks[:8])
