"""What a key means for the batch as it is now: intents, and what to ask before them."""

from collections.abc import Container, Mapping, Sequence

from supervisor.core.advised import PARALLEL
from supervisor.core.board import GroupRow, Head, TaskRow
from supervisor.core.intents import Freeze, Intent, Pause, Resume, Retry, SetParallel, Stop, Thaw
from supervisor.core.names import GroupId
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.rows import phase_words
from supervisor.tui.screens.dialog import Styled, Text

_RETRIED = frozenset({"failed", "aborted", "cancelled", "backing_off", "held"})
_LIVE = frozenset({"starting", "running", "frozen", "unreachable"})
STOPS: Mapping[str, Intent] = {
    "stop": Stop(mode="stop"),
    "drain": Stop(mode="drain"),
    "leave": Stop(mode="leave_running"),
}
"""The ways to end the engine."""


def pause_group(group: GroupRow) -> Intent:
    """Return the pause of a group, or what lets it go on."""
    if group.state in ("paused", "aborted") or group.breaker != "closed":
        return Resume(name=group.group)
    return Pause(group=GroupId(group.group))


def pause_batch(head: Head) -> Intent:
    """Return the pause of the batch, or what lets it go on."""
    return Resume() if head.state == "paused" else Pause()


def knob_of(group: GroupRow) -> tuple[str, int]:
    """Return the knob that a group's keys turn, and its value: the inner one where there is one."""
    return (PARALLEL, group.parallel) if group.knob is None else (group.knob.name, group.knob.value)


def set_parallel(group: GroupRow, number: int) -> SetParallel:
    """Return the order that sets the group's knob to ``number``, at least to one."""
    knob = None if group.knob is None else group.knob.name
    return SetParallel(group=GroupId(group.group), parallel=max(1, number), knob=knob)


def live(rows: Sequence[TaskRow]) -> tuple[TaskRow, ...]:
    """Return those of which an attempt exists."""
    return tuple(row for row in rows if row.phase in _LIVE)


def freeze(rows: Sequence[TaskRow]) -> Intent | None:
    """Return what freezes the running ones, or thaws if none runs; None if neither can be."""
    running = [row.task for row in rows if row.phase == "running"]
    if running:
        return Freeze(targets=tuple(running))
    frozen = [row.task for row in rows if row.phase == "frozen"]
    return Thaw(targets=tuple(frozen)) if frozen else None


def retry(rows: Sequence[TaskRow]) -> Retry | None:
    """Return the retry of those that did not succeed; None if there is none."""
    again = tuple(row.task for row in rows if row.phase in _RETRIED)
    return Retry(targets=again) if again else None


def counted(number: int, noun: str) -> str:
    """Return ``1 task`` or ``3 tasks``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(rows: Sequence[TaskRow], glyphs: Glyphs, seen: Container[str]) -> list[Text]:
    """Return a line for each row, for a question; of those not ``seen`` it says so."""
    return [
        Styled(
            text=f"{phase_words(row.phase, glyphs)}  {row.task}{'' if row.task in seen else UNSEEN}",
            look="" if row.task in seen else "warn",
            hang=2,
        )
        for row in rows
    ]


def unseen(rows: Sequence[TaskRow], seen: Container[str]) -> int:
    """Return how many of the rows nobody sees."""
    return sum(row.task not in seen for row in rows)


UNSEEN = "  (not on the screen)"
"""Stands behind what a question is about although its row was scrolled or filtered away."""
