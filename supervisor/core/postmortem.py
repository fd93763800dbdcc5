"""The two files that lie beside the attempts of a failed task: ``state.json``, ``error.log``."""

from collections.abc import Sequence

from supervisor.core.batch import Task
from supervisor.core.excerpt import excerpt
from supervisor.core.models import AttemptRecord, TaskId
from supervisor.core.outcome import (
    Document,
    cleaned,
    exit_code,
    failure,
    iso,
    log_path,
    params,
    progress,
    told,
)
from supervisor.core.phase import WORDS, Aborted, Cancelled, Failed
from supervisor.core.redact import redact
from supervisor.core.state import Batch


def state_json(batch: Batch, task_id: TaskId, state_dir: str) -> Document:
    """Return ``state.json`` of a task: how it stands, and every attempt."""
    task = batch.tasks[task_id]
    phase = task.phase
    facts = (
        failure(batch, task, phase, state_dir, iso)
        if isinstance(phase, Failed)
        else {"task": task.id}
    )
    return {
        "v": 1,
        **facts,
        "group": batch.specs[task_id].group,
        "phase": WORDS[type(phase)],
        "exit_code": exit_code(task),
        "history": [_attempt(record) for record in task.history],
    }


def error_log(batch: Batch, task_id: TaskId, state_dir: str, tail: Sequence[str]) -> str:
    """Return ``error.log`` of a task; ``tail`` are the last lines of its output, clean.

    It holds what failed and why, then the whole final traceback, or the line that proves the cause
    with 20 lines around it, or the last 40 lines.
    """
    task = batch.tasks[task_id]
    cause = _cause(task)
    lines = [
        f"task      {task.id}",
        f"phase     {WORDS[type(task.phase)]}",
        f"class     {_class(task)}",
        f"cause     {cause}",
        f"attempts  {task.attempt}",
        *_progress(task),
        f"log       {log_path(state_dir, task)}",
        *(f"param     {name}={value}" for name, value in params(batch, task).items()),
        *map(_told, task.history),
        *_items(task),
        "",
        *excerpt(tail, _proof(cause, tail)),
    ]
    return redact("".join(f"{line}\n" for line in lines))


def _progress(task: Task) -> list[str]:
    said = progress(task)
    return [] if said is None else [f"progress  {said[0]}/{said[1]}"]


def _items(task: Task) -> list[str]:
    said = told(task)
    failed = () if said is None else said.failed
    return [f"item      {one.id}: {one.error_class}: {one.text}" for one in failed]


def _cause(task: Task) -> str:
    if isinstance(task.phase, Failed | Aborted | Cancelled):
        return task.phase.cause
    return task.history[-1].cause if task.history else ""


def _class(task: Task) -> str:
    if isinstance(task.phase, Failed):
        return str(task.phase.error_class)
    return str(task.history[-1].error_class) if task.history else "none"


def _told(record: AttemptRecord) -> str:
    ended = f"{iso(record.started_at)} to {iso(record.ended_at)}, exit {record.code}"
    what = f"{record.error_class}: {record.cause}" if record.error_class else "succeeded"
    return f"attempt {record.attempt}  {ended}, {what}; {record.decision}"


def _proof(cause: str, tail: Sequence[str]) -> str | None:
    """Return the words of ``cause`` that were cited from the output, to find the line again."""
    words = cause
    while words:
        if any(words.rstrip("…")[:80] in line for line in tail):
            return words
        words = words.partition(": ")[2]
    return None


def _attempt(record: AttemptRecord) -> Document:
    return {
        "attempt": record.attempt,
        "started_at": iso(record.started_at),
        "ended_at": iso(record.ended_at),
        "exit_code": record.code,
        "class": record.error_class and str(record.error_class),
        "cause": cleaned(record.cause),
        "counted": record.counted,
        "decision": cleaned(record.decision),
    }
