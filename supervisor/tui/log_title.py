"""What is said of a log: whose it is, which attempt and stream, where the reader is, what it proves."""

from collections.abc import Mapping

from supervisor.core.board import TaskRow
from supervisor.core.names import Stream
from supervisor.tui.format import countdown, fit, plain, size
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.log_reader import LogReader, Source
from supervisor.tui.rows import task_name
from supervisor.tui.widgets.lines import Piece

LIVE = frozenset({"starting", "running", "frozen", "unreachable"})
"""Phases in which a log may grow."""
_STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
_SHORTEST_PROOF = 12
"""A shorter cause would be found in lines that have nothing to do with it."""
_MOST_EVIDENCE = 60
"""Longer causes may have been shortened, or had secrets masked."""
_LEAST_NAME = 12
_ATTEMPT_CELLS = 20
_NAMES_FROM, _SIZES_FROM = 60, 100
"""Widths from which the streams, and how much they have, are told."""


def telling(row: TaskRow, sizes: Mapping[Stream, int]) -> Stream:
    """Return the stream that probably tells more; ``sizes`` is empty until they are known."""
    if not sizes.get("stderr", 1):
        return "stdout"
    ended_badly = row.error_class is not None and row.phase not in LIVE
    return "stderr" if ended_badly or not sizes.get("stdout", 1) else "stdout"


def title_of(
    row: TaskRow | None,
    source: Source | None,
    told: str,
    now: float,
    room: int,
    glyphs: Glyphs,
) -> str:
    """Return the title in at most ``room`` cells; ``told`` comes first, for it is what was asked."""
    words = [told] if told else []
    if row is None:
        words.append("Log")
    else:
        words.append(f"Log {task_name(row.task, max(_LEAST_NAME, room - _ATTEMPT_CELLS), glyphs)}")
    if row is not None and source is not None:
        words.append(f"attempt {source.attempt} of {row.attempt}")
    if row is not None and row.next_at is not None:
        what = "times out" if row.phase in LIVE else "goes on"
        words.append(f"{what} in {countdown(row.next_at - now)}")
    return fit(f" {glyphs.dot} ".join(words), room, ellipsis=glyphs.ellipsis).rstrip()


def streams_of(reader: LogReader, where: str, width: int) -> tuple[Piece, ...]:
    """Return both streams, the one that is shown in brackets, and ``where`` the reader is."""
    pieces: list[Piece] = []
    source = reader.source
    for stream in _STREAMS if source is not None and width >= _NAMES_FROM else ():
        here = source is not None and stream == source.stream
        written = f" {size(reader.sizes.get(stream, 0))}" if width >= _SIZES_FROM else ""
        text = stream + written
        pieces.append((f"[{text}]" if here else f" {text} ", "strong" if here else "dim"))
    return (*pieces, (f" {where}", "dim"))


def proves(row: TaskRow, text: str) -> bool:
    """Return whether a line of a task's log is what the task's cause was found in."""
    line = text.strip()
    return row.cause is not None and len(line) >= _SHORTEST_PROOF and line in plain(row.cause)


def evidence(row: TaskRow | None) -> str | None:
    """Return words by which the line is found that proves a task's cause; None: none are certain."""
    cause = plain(row.cause or "").strip() if row is not None else ""
    return cause[:_MOST_EVIDENCE].rstrip() if len(cause) >= _SHORTEST_PROOF else None


def unstarted(row: TaskRow, glyphs: Glyphs) -> str:
    """Say that there is no log yet, and what the task waits for."""
    note = plain(row.note or "", ascii_only=glyphs.ascii_only)
    return f"has not started: {note}" if note else "has not started"
