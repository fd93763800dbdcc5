"""What changed between two pictures of a batch, as lines of plain text."""

import time
from collections import Counter
from collections.abc import Iterator, Mapping

from supervisor.cli.text import cleaned, clock, span
from supervisor.core.board import Board, GroupRow, Head, LimitRow, TaskRow

ENDS = frozenset({"succeeded", "failed", "aborted", "cancelled"})
_NEWS = ENDS | {"backing_off", "held", "frozen", "unreachable"}
LIVE = ("starting", "running", "frozen", "unreachable")


def news(before: Board, after: Board, rows: tuple[TaskRow, ...], now: float) -> Iterator[str]:
    """Yield a line for each end, hold, release and call for help since ``before``."""
    stamp = time.strftime("%H:%M:%S", time.localtime(now))
    for need in after.head.needs_you:
        if need not in before.head.needs_you:
            cure = f" → {need.command}" if need.command else ""
            yield f"{stamp}  NEEDS YOU  {cleaned(f'{need.what}: {need.why}{cure}')}"
    begun = {one.what for one in after.head.under_way} - {one.what for one in before.head.under_way}
    for one in after.head.under_way:
        if one.what in begun:
            yield f"{stamp}  {cleaned(one.text)}"
    for row in rows:
        known = before.tasks.get(row.task)
        if row.phase in _NEWS and (known is None or _state(known) != _state(row)):
            yield f"{stamp}  {_task(row, now)}{_tally(after.head) if row.phase in ENDS else ''}"
    for line in (*_limits(before.head, after.head, now), *_groups(before.head, after.head)):
        yield f"{stamp}  {cleaned(line)}"


def heartbeat(board: Board, now: float) -> str:
    """Return what runs, what is waited for and until when."""
    counts = board.head.counts
    parts = [f"{phase.replace('_', ' ')} {count}" for phase, count in counts.items() if count]
    waits = [_limit(limit, now) for limit in board.head.limits]
    waits += [one.text for one in board.head.under_way]
    if board.head.reason:
        waits.append(board.head.reason)
    retry = next_at(board)
    if retry is not None and not waits:
        waits.append(f"next at {clock(retry, now)}, in {span(retry - now)}")
    stamp = time.strftime("%H:%M:%S", time.localtime(now))
    return f"{stamp}  {cleaned('; '.join([', '.join(parts), *waits]))}"


def runs_something(head: Head) -> bool:
    """Return whether any attempt lives."""
    return any(head.counts.get(phase) for phase in LIVE)


def next_at(board: Board) -> float | None:
    """Return when something is next launched by itself; None: nobody knows."""
    times = [row.next_at for row in board.tasks.values() if row.phase == "backing_off"]
    times += [limit.held_until for limit in board.head.limits]
    times.append(board.head.launches_at)
    return min((at for at in times if at is not None), default=None)


def failures(board: Board) -> Mapping[str, int]:
    """Return how many tasks failed with each error class."""
    return Counter(
        row.error_class or "unknown" for row in board.tasks.values() if row.phase == "failed"
    )


def _state(row: TaskRow) -> tuple[str, int]:
    return row.phase, row.attempt


def _task(row: TaskRow, now: float) -> str:
    facts = [row.phase.replace("_", " "), row.task]
    if row.phase != "succeeded" and row.error_class:
        facts.append(row.error_class)
    if row.phase != "succeeded" and row.cause:
        facts.append(row.cause)
    if row.phase == "backing_off" and row.next_at is not None:
        facts.append(f"attempt {row.attempt + 1} in {span(row.next_at - now)}")
    elif row.note and row.phase not in ENDS:
        facts.append(row.note)
    return "  ".join(cleaned(fact) for fact in facts)


def _tally(head: Head) -> str:
    bad = sum(head.counts.get(phase, 0) for phase in ("failed", "aborted"))
    done = f"{head.counts.get('succeeded', 0)}/{sum(head.counts.values())}"
    return f"  ({done}{f', {bad} failed' if bad else ''})"


def _limits(before: Head, after: Head, now: float) -> Iterator[str]:
    was = {limit.limit: limit for limit in before.limits}
    for limit in after.limits:
        known = was.pop(limit.limit, None)
        if known is None or _stage(known) != _stage(limit):
            yield _limit(limit, now)
    for name in was:
        yield f"limit {name} released"


def _stage(limit: LimitRow) -> tuple[str, float | None]:
    """Return what is news about a limit; the pace of probes and ramps is not."""
    return limit.state, limit.held_until if limit.state == "held" else None


def _limit(limit: LimitRow, now: float) -> str:
    if limit.state != "held":
        return f"limit {limit.limit} {limit.state}: {limit.reason}"
    if limit.held_until is None:
        return f"limit {limit.limit} held until released: {limit.reason}"
    when = f"{clock(limit.held_until, now)}, in {span(limit.held_until - now)}"
    return f"limit {limit.limit} held until {when}: {limit.reason}"


def _groups(before: Head, after: Head) -> Iterator[str]:
    was = {group.group: group for group in before.groups}
    for group in after.groups:
        if _worth(group) and (group.group not in was or _worth(was[group.group]) != _worth(group)):
            breaker = "" if group.breaker == "closed" else f", breaker {group.breaker}"
            reason = f": {group.reason}" if group.reason else ""
            yield f"group {group.group} {group.state}{breaker}{reason}"
        known: Mapping[str, str] = was[group.group].parts if group.group in was else {}
        for part, word in group.parts.items():
            if known.get(part) != word:
                yield f"group {group.group}, breaker of {cleaned(part)} {word}"
        for part in known:
            if part not in group.parts:
                yield f"group {group.group}, breaker of {cleaned(part)} closed"


def _worth(group: GroupRow) -> tuple[str, str] | None:
    """Return what is news about a group: a breaker that moved, a pause, the end of it."""
    if group.breaker == "closed" and group.state in ("running", "waiting", "done", "held"):
        return None
    return group.state, group.breaker
