"""What the operator is told when he is called: three plain lines, and the same as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from supervisor.core.effects import Page
from supervisor.core.redact import redact
from supervisor.core.state import Batch

_LONGEST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A call, ready to be handed over; nothing in it needs to be hidden."""

    text: str
    """Three lines: what, why, and the command that helps."""
    document: Mapping[str, Any]


def message(batch: Batch, page: Page, now: float) -> Message:
    """Return what is told about ``page``."""
    name = batch.desk.name
    head = f"{name} is done" if page.event == "done" else f"{name} needs you: {page.what}"
    counts: dict[str, int] = {}
    for of_group in batch.counts.values():
        for word, count in of_group.items():
            counts[word] = counts.get(word, 0) + count
    return _message(
        page.event, name, head, page, {"counts": counts, "at": now, "state": batch.head.directory}
    )


def trial(name: str, directory: str, now: float) -> Message:
    """Return what ``notify --test`` sends."""
    page = Page(
        event="needs_you",
        what="test",
        since=now,
        why="this is a test: nothing needs you",
        command=f"overnight status {name}",
    )
    counts: dict[str, int] = {}
    facts = {"counts": counts, "at": now, "state": directory}
    return _message("test", name, f"{name}: a test of notify", page, facts)


def _message(event: str, name: str, head: str, page: Page, facts: Mapping[str, object]) -> Message:
    lines = [_plain(head), _plain(page.why), _plain(page.command)]
    document = {
        "v": 1,
        "event": event,
        "batch": name,
        "what": _plain(page.what),
        "since": page.since,
        "why": lines[1],
        "command": lines[2],
        **facts,
    }
    return Message(text="\n".join(lines), document=document)


def _plain(text: str) -> str:
    """Return ``text`` as one line that a shell, a pager and a phone can take."""
    shown = "".join(char if char.isprintable() else " " for char in redact(text))
    return " ".join(shown.split())[:_LONGEST]
