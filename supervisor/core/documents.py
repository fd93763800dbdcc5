"""The JSON documents that people and scripts read, as plain values.

Times are Unix seconds in what commands print and ISO 8601 UTC in files. All text is redacted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict

from supervisor.core import container_documents, told_documents
from supervisor.core.batch import Holding, Task
from supervisor.core.board import Board, GroupRow, KnobRow, TaskRow
from supervisor.core.costs import pauses
from supervisor.core.made import Made
from supervisor.core.models import ErrorClass
from supervisor.core.outcome import (
    Document,
    cleaned,
    exit_code,
    failure,
    iso,
    log_path,
    params,
    retryable,
    unix,
)
from supervisor.core.phase import WORDS, Aborted, Cancelled, Failed, Phase, Succeeded
from supervisor.core.postmortem import error_log, state_json
from supervisor.core.recoveries import recoveries
from supervisor.core.state import Batch

__all__ = [
    "error_log",
    "failed",
    "failed_copies",
    "failed_tasks",
    "state_json",
    "status",
    "summary",
]

ABORTED = "aborted"
"""Stands where an error class would, for tasks that were given up and have none of their own."""

_STATUS: Mapping[type[Phase], str] = {
    Succeeded: "success",
    Failed: "error",
    Aborted: "error",
    Cancelled: "cancelled",
}
"""What readers of ``batch_summary.json`` know: everything but ``error`` is over and done."""


def status(board: Board) -> Document:
    """Return the document of ``status --json``."""
    head = board.head
    return {
        "v": 1,
        "as_of": head.as_of,
        "batch": head.batch,
        "state": head.state,
        "reason": head.reason,
        "launches_at": head.launches_at,
        "time_up": head.time_up,
        "counts": _counts(head.counts),
        "groups": [_group(row) for row in head.groups],
        "tasks": [_task(row) for row in board.tasks.values()],
        "limits": [
            {
                "limit": row.limit,
                "held_until": row.held_until,
                "reason": row.reason,
                "state": row.state,
            }
            for row in head.limits
        ],
        "limit_costs": [
            {
                "limit": cost.limit,
                "pauses": cost.pauses,
                "waited_s": round(cost.waited_s),
                "lost_task_hours": round(cost.lost_s / 3600, 2),
            }
            for cost in head.costs
        ],
        "advice": [
            {
                "group": row.group,
                "parallel": row.parallel,
                "suggested": row.suggested,
                "why": cleaned(row.why),
                "knob": row.knob,
                "source": row.source,
                "restart": row.restart,
            }
            for row in head.advice
        ],
        "containers": container_documents.counts(head.containers),
        "needs_you": [asdict(row) for row in head.needs_you],
        "under_way": [asdict(row) for row in head.under_way],
    }


def failed(
    batch: Batch, state_dir: str, error_class: ErrorClass | str | None = None
) -> list[Document]:
    """Return the document of ``failed --json``: failed tasks (of one class) in the file's order."""
    return [
        failure(batch, task, task.phase, state_dir, unix)
        for task in batch.tasks.values()
        if isinstance(task.phase, Failed)
        and (error_class is None or task.phase.error_class == error_class)
    ]


def failed_tasks(batch: Batch, state_dir: str) -> Mapping[str, Made]:
    """Return what goes into each group's ``<group>_failed_tasks.json``.

    Aborted tasks are in it too, with the class ``aborted``: who runs the listed tasks again must
    not forget them. A group without failures has an empty list.
    """
    lists: dict[str, list[Task]] = {str(name): [] for name in batch.groups}
    for task in batch.tasks.values():
        if isinstance(task.phase, Failed | Aborted):
            lists[batch.specs[task.id].group].append(task)
    return {group: _failed_of(batch, tasks, state_dir) for group, tasks in lists.items()}


def failed_copies(batch: Batch) -> Mapping[str, str]:
    """Return where the user's scripts look for a group's failed list, for groups that say so."""
    return {
        str(spec.name): spec.failed_file
        for spec in batch.group_specs.values()
        if spec.failed_file is not None
    }


def summary(batch: Batch, state_dir: str, now: float) -> Document:
    """Return ``batch_summary.json``: the keys that batch runners use, and ours beside them."""
    ended_at = batch.desk.ended_at
    limits = batch.limits.values()
    return {
        "v": 1,
        "started_at": iso(batch.desk.started_at),
        "completed_at": iso(now if ended_at is None else ended_at),
        "config": _config(batch),
        "threads": [],
        "results": Made(lambda: _results(batch, state_dir)),
        "batch": batch.head.name,
        "uuid": batch.desk.uuid,
        "finished": ended_at is not None,
        "counts": _counts(_total(batch)),
        "groups": {str(name): asdict(one) for name, one in recoveries(batch).items()},
        "pause_count": sum(limit.pause_count for limit in limits),
        "waited_s": round(sum(limit.waited_s for limit in limits), 1),
        "rate_limit_until": iso(_held_until(batch)),
        "pauses": [
            {
                "limit": one.limit,
                "from": iso(one.since),
                "to": iso(one.ended_at),
                "waited_s": round(one.waited_s, 1),
                "lost_task_hours": None if one.lost_s is None else round(one.lost_s / 3600, 2),
                "reason": cleaned(one.reason),
            }
            for one in pauses(batch, now)
        ],
    }


def _counts(counts: Mapping[str, int]) -> Document:
    return {word: counts.get(word, 0) for word in WORDS.values()}


def _group(row: GroupRow) -> Document:
    return {
        "group": row.group,
        "parallel": row.parallel,
        "running": row.running,
        "state": row.state,
        "breaker": row.breaker,
        "counts": _counts(row.counts),
        "parts": dict(row.parts),
        "range": None if row.bounds is None else list(row.bounds),
        "knob": None if row.knob is None else _knob(row.knob),
        "note": row.note,
    }


def _knob(row: KnobRow) -> Document:
    return {
        "name": row.name,
        "value": row.value,
        "start": row.start,
        "min": row.least,
        "apply": row.apply,
        "behind": row.behind,
    }


def _task(row: TaskRow) -> Document:
    return {
        "task": row.task,
        "phase": row.phase,
        "attempt": row.attempt,
        "class": row.error_class,
        "cause": row.cause and cleaned(row.cause),
        "next_at": row.next_at,
        "progress": None if row.progress is None else list(row.progress),
        "said": told_documents.said(row.told),
        "stale": row.stale,
        "pid": row.pid,
        "container": row.container,
        "containers": container_documents.counts(row.containers),
        "cores": row.cores,
        "mem_bytes": row.mem_bytes,
        "waits": row.waits,
    }


def _failed_of(batch: Batch, tasks: Iterable[Task], state_dir: str) -> Made:
    return Made(
        lambda: (
            _failed_task(batch, task, task.phase, state_dir)
            for task in tasks
            if isinstance(task.phase, Failed | Aborted)
        )
    )


def _failed_task(batch: Batch, task: Task, phase: Failed | Aborted, state_dir: str) -> Document:
    return {
        "task_id": task.id.partition("/")[2],
        "error": cleaned(phase.cause),
        "attempts": task.attempt,
        "timestamp": iso(phase.ended_at),
        "task": task.id,
        "class": str(phase.error_class) if isinstance(phase, Failed) else ABORTED,
        "retryable": isinstance(phase, Aborted) or retryable(batch, task, phase),
        "exit_code": exit_code(task),
        "params": params(batch, task),
        "log": log_path(state_dir, task),
    }


def _results(batch: Batch, state_dir: str) -> Iterator[Document]:
    return (
        _result(batch, task, state_dir)
        for task in batch.tasks.values()
        if type(task.phase) in _STATUS
    )


def _result(batch: Batch, task: Task, state_dir: str) -> Document:
    phase = task.phase
    last = task.history[-1] if task.history else None
    return {
        "test_id": task.id,
        "status": _STATUS[type(phase)],
        "group": batch.specs[task.id].group,
        "phase": WORDS[type(phase)],
        "class": str(phase.error_class) if isinstance(phase, Failed) else None,
        "cause": cleaned(phase.cause) if isinstance(phase, Failed | Aborted | Cancelled) else None,
        "attempts": task.attempt,
        "exit_code": exit_code(task),
        "started_at": iso(last.started_at) if last else None,
        "completed_at": iso(last.ended_at) if last else None,
        "duration_s": round(last.ended_at - last.started_at, 3) if last else None,
        "params": params(batch, task),
        "log": log_path(state_dir, task),
    }


def _config(batch: Batch) -> Document:
    return {
        "source": batch.head.source,
        "parallel": batch.desk.parallel,
        "groups": {
            str(spec.name): {
                "parallel": batch.groups[spec.name].parallel,
                "attempts": spec.retry.attempts,
                "timeout_s": spec.timeout.first_s,
            }
            for spec in batch.group_specs.values()
        },
    }


def _total(batch: Batch) -> Mapping[str, int]:
    groups = batch.counts.values()
    return {word: sum(counts[word] for counts in groups) for word in WORDS.values()}


def _held_until(batch: Batch) -> float | None:
    """Return when the last stated hold ends; None if no limit holds until a time."""
    held = [limit.phase for limit in batch.limits.values()]
    return max((one.until for one in held if isinstance(one, Holding) and one.until), default=None)
