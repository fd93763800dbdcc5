"""What must not be overlooked, as one-line notices, the most urgent first."""

import shlex
from dataclasses import dataclass
from pathlib import PurePath

from supervisor.core.advised import numbers, taken
from supervisor.core.board import Board, LimitRow, NeedsYou
from supervisor.tui.format import age, clock, countdown, moment, plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import Link

_DEAD_S = 30.0
"""An engine that is silent for so long has probably died."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A tag, what is the matter, what cures it, and the key for that."""

    tag: str
    look: str
    text: str
    cure: str = ""
    key: str = ""


def notices(board: Board, link: Link, now: float, glyphs: Glyphs) -> tuple[Notice, ...]:
    """Return everything that the operator should see at once."""
    found = [*_of_link(board, link, now, glyphs)]
    head = board.head
    if link.state == "ended":
        # Needs and holds of an engine that is no more are not news.
        return (*found, _done(board)) if head.state == "done" else tuple(found)
    edited = None if head.edited is None else PurePath(head.edited.file).name
    found += [
        _needs_you(item, glyphs, "R" if item.what == edited else "!") for item in head.needs_you
    ]
    if head.state == "done" and board.connected:
        found.append(_done(board))
    elif head.reason:
        key = "P" if head.state == "paused" else ""
        found.append(
            Notice(
                head.state.upper(),
                "warn",
                plain(head.reason, ascii_only=glyphs.ascii_only),
                key=key,
            )
        )
    asked = {item.what for item in head.needs_you}
    # How fast a limit lets go is no news once nothing is left to launch.
    told = [row for row in head.limits if head.state != "done" or row.state == "held"]
    found += [_limit(row, now, glyphs) for row in told if row.limit not in asked]
    found += [
        Notice("UNDER WAY", "dim", plain(item.text, ascii_only=glyphs.ascii_only))
        for item in head.under_way
    ]
    found += [
        Notice(
            "ADVICE",
            "title",
            plain(
                f"{numbers(item, glyphs.arrow)}: {item.why}",
                ascii_only=glyphs.ascii_only,
            ),
            key="a",
        )
        for item in taken(head.advice)
    ]
    return tuple(found)


def _of_link(board: Board, link: Link, now: float, glyphs: Glyphs) -> tuple[Notice, ...]:
    detail = plain(link.detail, ascii_only=glyphs.ascii_only)
    match link.state:
        case "gone" if link.cure:
            text = f"since {clock(link.since)}; its tasks run on; another engine takes them over:"
            cure = plain(link.cure, ascii_only=glyphs.ascii_only)
            return (Notice("ENGINE GONE", "alarm", text, cure, "q"),)
        case "gone":
            text = f"no answer from the engine for {age(now - link.since)}; trying again"
            if board.connected:
                text += f"; this is how it was at {clock(board.head.as_of)}"
            text = f"{text}: {detail}" if detail else text
            cure = _again(board, glyphs) if now - link.since >= _DEAD_S else ""
            return (Notice("DISCONNECTED", "alarm", text, cure, "q"),)
        case "ended" if detail:
            return (Notice("ENDED", "alarm", detail, key="q"),)
        case "ended" if board.head.state != "done":
            return (
                Notice(
                    "ENDED",
                    "warn" if board.head.state == "stopped" else "alarm",
                    f"the engine ended at {clock(link.since)}; the batch goes on where it stopped with",
                    _again(board, glyphs) or "overnight run",
                    "q",
                ),
            )
        case _:
            return ()


def _again(board: Board, glyphs: Glyphs) -> str:
    """Return what starts an engine that takes over what runs; an engine that lives refuses it."""
    source = plain(board.head.source, ascii_only=glyphs.ascii_only)
    return f"overnight run {shlex.quote(source)}" if source else ""


def _needs_you(item: NeedsYou, glyphs: Glyphs, key: str) -> Notice:
    what = plain(item.what, ascii_only=glyphs.ascii_only)
    why = plain(item.why, ascii_only=glyphs.ascii_only)
    return Notice(
        "NEEDS YOU",
        "alarm",
        f"{what}: {why}",
        plain(item.command, ascii_only=glyphs.ascii_only),
        key,
    )


def _done(board: Board) -> Notice:
    counts = board.head.counts
    bad = counts.get("failed", 0) + counts.get("aborted", 0)
    if bad:
        return Notice("DONE", "bad", f"{bad} did not succeed; what failed, and what now:", key="m")
    return Notice("DONE", "good", f"all {counts.get('succeeded', 0)} succeeded", key="q")


def _limit(row: LimitRow, now: float, glyphs: Glyphs) -> Notice:
    name = plain(row.limit, ascii_only=glyphs.ascii_only)
    reason = plain(row.reason, ascii_only=glyphs.ascii_only)
    if row.state != "held":
        return Notice(row.state.upper(), "held", f"{name}: {reason}", key="!")
    if row.held_until is None:
        return Notice("HELD", "held", f"{name} until you release it: {reason}", key="!")
    until = f"until {moment(row.held_until, now)}, {countdown(row.held_until - now)} left"
    return Notice("HELD", "held", f"{name} {until}: {reason}", key="!")
