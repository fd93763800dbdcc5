"""The morning report in Markdown: what a person wants to know first, first."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from statistics import median

from supervisor.core.batch import Checking, Holding, Limit, Probing, Task
from supervisor.core.costs import costs, pauses
from supervisor.core.models import ErrorClass, GroupId, LimitId
from supervisor.core.needs_you import needs_you
from supervisor.core.outcome import log_path
from supervisor.core.phase import Aborted, Failed, Succeeded
from supervisor.core.picture import group_row, total
from supervisor.core.redact import redact
from supervisor.core.state import Batch
from supervisor.core.told_documents import item_rows, usage_rows
from supervisor.core.wording import plural, span

When = Callable[[float], str]

_LISTED = 200
_OVER = ("succeeded", "failed", "aborted", "cancelled")
_ESCAPED = str.maketrans({"|": "\\|", "<": "\\<", "*": "\\*", "`": "\\`", "\n": " ", "\r": " "})


def utc(moment: float) -> str:
    """Return a time as a person reads it, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%b %d %H:%M UTC")


def report(batch: Batch, state_dir: str, now: float, when: When = utc) -> str:
    """Return the report as of ``now``; ``when`` writes times, such as in the operator's zone."""
    sections = [
        _opening(batch, now, when),
        _needs(batch, now, when),
        _causes(batch, when),
        _limits(batch, now, when),
        _pauses(batch, now, when),
        _groups(batch, now),
        _failures(batch, state_dir, when),
        _items(batch),
        _usage(batch),
    ]
    return redact("\n\n".join("\n".join(lines) for lines in sections if lines) + "\n")


def _opening(batch: Batch, now: float, when: When) -> list[str]:
    counts = total(batch)
    done, tasks = counts["succeeded"], sum(counts.values())
    ended_at = batch.desk.ended_at or now
    unfinished = sum(count for word, count in counts.items() if word not in _OVER)
    bad = [f"{counts[word]} {word}" for word in _OVER[1:] if counts[word]]
    recovered, lost = _recovered(batch.tasks.values())
    lines = [
        f"# {_text(batch.desk.name)}: {done}/{tasks} done",
        "",
        f"{', '.join([*bad, f'{unfinished} unfinished'] if unfinished else bad or ['all well'])}."
        f" From {when(batch.desk.started_at)} to {when(ended_at)}"
        f" ({span(ended_at - batch.desk.started_at)}).",
    ]
    if recovered:
        lines.append(
            f"{plural(recovered, 'task')} succeeded after {plural(lost, 'attempt')} that did not."
        )
    return lines


def _recovered(tasks: Iterable[Task]) -> tuple[int, int]:
    """Return how many tasks succeeded after bad ends, and how many those were."""
    lost = [
        sum(record.error_class is not None for record in task.history)
        for task in tasks
        if isinstance(task.phase, Succeeded)
    ]
    return sum(map(bool, lost)), sum(lost)


def _needs(batch: Batch, now: float, when: When) -> list[str]:
    found = [
        f"- **{_text(one.what)}** since {when(one.since)}: {_text(one.why)} → `{one.command}`"
        for one in needs_you(batch, now)
    ]
    return ["## What needs you", "", *found] if found else []


def _causes(batch: Batch, when: When) -> list[str]:
    ends: dict[ErrorClass, list[float]] = {}
    failed: dict[ErrorClass, int] = {}
    for task in batch.tasks.values():
        for record in task.history:
            if record.error_class is not None and record.error_class != ErrorClass.OPERATOR:
                ends.setdefault(record.error_class, []).append(record.ended_at)
        if isinstance(task.phase, Failed):
            failed[task.phase.error_class] = failed.get(task.phase.error_class, 0) + 1
            ends.setdefault(task.phase.error_class, [task.phase.ended_at])
    worst = sorted(ends, key=lambda name: (-failed.get(name, 0), -len(ends[name]), name))
    rows = [
        (name, failed.get(name, 0), len(ends[name]), when(min(ends[name])), when(max(ends[name])))
        for name in worst
    ]
    header = ("class", "tasks failed", "bad ends", "first", "last")
    return ["## What went wrong", "", *_table(header, rows)] if rows else []


def _limits(batch: Batch, now: float, when: When) -> list[str]:
    rows = [
        (
            cost.limit,
            cost.pauses,
            span(cost.waited_s),
            f"{cost.lost_s / 3600:.1f}",
            _held(batch.limits[LimitId(cost.limit)], when),
        )
        for cost in costs(batch, now)
    ]
    header = ("limit", "pauses", "waited", "task-hours lost", "now")
    return ["## What limits cost", "", *_table(header, rows)] if rows else []


def _pauses(batch: Batch, now: float, when: When) -> list[str]:
    found = pauses(batch, now)
    rows = [
        (
            when(one.since),
            "still" if one.ended_at is None else when(one.ended_at),
            one.limit,
            span(one.waited_s),
            "" if one.lost_s is None else f"{one.lost_s / 3600:.1f}",
            one.reason,
        )
        for one in found[-_LISTED:]
    ]
    header = ("from", "to", "limit", "waited", "task-hours lost", "why")
    return ["## When limits held", "", *_table(header, rows)] if rows else []


def _held(limit: Limit, when: When) -> str:
    phase = limit.phase
    if isinstance(phase, Holding):
        until = "released" if phase.until is None else when(phase.until)
        return f"held until {until}: {phase.reason}"
    if isinstance(phase, Checking):
        return f"its {phase.step} is run: {phase.reason}"
    return f"one task tries: {phase.reason}" if isinstance(phase, Probing) else "free"


def _groups(batch: Batch, now: float) -> list[str]:
    spent = _spent(batch)
    rows: list[Sequence[object]] = []
    for name in batch.groups:
        row = group_row(batch, name, now)
        tasks = sum(row.counts.values())
        unfinished = tasks - sum(row.counts[word] for word in _OVER)
        usual = span(median(spent[name])) if spent.get(name) else ""
        done = f"{row.counts['succeeded']}/{tasks}"
        bad = [row.counts[word] for word in _OVER[1:]]
        rows.append((name, row.state, done, *bad, unfinished, usual))
    header = ("group", "state", "done", *_OVER[1:], "unfinished", "median time")
    return ["## Groups", "", *_table(header, rows)]


def _spent(batch: Batch) -> dict[GroupId, list[float]]:
    """Return how long the attempts that succeeded took."""
    found: dict[GroupId, list[float]] = {}
    for task in batch.tasks.values():
        if isinstance(task.phase, Succeeded) and task.history:
            last = task.history[-1]
            group = batch.specs[task.id].group
            found.setdefault(group, []).append(last.ended_at - last.started_at)
    return found


def _failures(batch: Batch, state_dir: str, when: When) -> list[str]:
    found = [(task, task.phase) for task in batch.tasks.values()]
    bad = [(task, phase) for task, phase in found if isinstance(phase, Failed | Aborted)]
    rows = [
        (
            task.id,
            phase.error_class if isinstance(phase, Failed) else "aborted",
            task.attempt,
            when(phase.ended_at),
            phase.cause,
            log_path(state_dir, task) or "",
        )
        for task, phase in bad[:_LISTED]
    ]
    if not rows:
        return []
    header = ("task", "class", "attempts", "ended", "cause", "log")
    rest = len(bad) - len(rows)
    more = ["", f"… and {rest} more: `overnight failed`"] if rest else []
    return ["## Failed tasks", "", *_table(header, rows), *more]


def _items(batch: Batch) -> list[str]:
    rows, count = item_rows(batch.tasks.values())
    if not count:
        return []
    rest = count - len(rows)
    more = ["", f"… and {rest} more: `overnight why TASK`"] if rest else []
    header = ("task", "item", "class", "error")
    return ["## Failed items inside tasks", "", *_table(header, rows), *more]


def _usage(batch: Batch) -> list[str]:
    rows = usage_rows(batch)
    return ["## What runners say they used", "", *_table(("group", "used"), rows)] if rows else []


def _table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    lines = [header, ["---"] * len(header), *rows]
    return [f"| {' | '.join(_text(cell) for cell in line)} |" for line in lines]


def _text(cell: object) -> str:
    """Return ``cell`` such that Markdown shows just its characters, on one line."""
    return str(cell).translate(_ESCAPED)
