"""What documents say about one finished task."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from supervisor.core import told_documents
from supervisor.core.batch import Task
from supervisor.core.facets import FINAL
from supervisor.core.phase import Failed
from supervisor.core.places import attempt_dir
from supervisor.core.policy import treatment
from supervisor.core.redact import redact
from supervisor.core.state import Batch
from supervisor.core.told import Told

Document = dict[str, Any]


def unix(moment: float) -> object:
    """Return Unix seconds as documents on a terminal have them."""
    return moment


def iso(moment: float | None) -> str | None:
    """Return Unix seconds as ISO 8601 in UTC; None for None."""
    if moment is None:
        return None
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="seconds")


@lru_cache(maxsize=512)
def cleaned(text: str) -> str:
    """Return ``text`` without secrets; causes are written again and again, so they are kept."""
    return redact(text)


def failure(
    batch: Batch, task: Task, phase: Failed, state_dir: str, when: Callable[[float], object]
) -> Document:
    """Return what ``failed --json`` says about a failed task; ``when`` writes the times."""
    began_at = task.history[0].started_at if task.history else phase.ended_at
    return {
        "task": task.id,
        "class": str(phase.error_class),
        "cause": cleaned(phase.cause),
        "attempts": task.attempt,
        "retryable": retryable(batch, task, phase),
        "first_at": when(began_at),
        "ended_at": when(phase.ended_at),
        "params": params(batch, task),
        "progress": progress(task),
        **told_documents.items(told(task)),
        "log": log_path(state_dir, task),
    }


def retryable(batch: Batch, task: Task, phase: Failed) -> bool:
    """Tell whether running the task again may help."""
    group = batch.group_specs[batch.specs[task.id].group]
    return treatment(group, phase.error_class).retryable


def exit_code(task: Task) -> int | None:
    """Return how the last attempt ended; None if it is unknown or there was none."""
    return task.history[-1].code if task.history else None


def progress(task: Task) -> list[int] | None:
    """Return how far the last attempt said it was, done and total; None: it did not say."""
    said = task.history[-1].progress if task.history else None
    return None if said is None else list(said)


def told(task: Task) -> Told | None:
    """Return what the last attempt that is over said of itself; None: nothing."""
    return task.history[-1].told if task.history else None


def told_row(task: Task) -> Told | None:
    """Return the same of a task that is over, without its failed items; of living ones others know."""
    said = told(task) if isinstance(task.phase, FINAL) else None
    return None if said is None else replace(said, failed=())


def params(batch: Batch, task: Task) -> Mapping[str, str]:
    """Return the task's matrix values without secrets."""
    found = batch.specs[task.id].params
    # Some secrets show only beside their name.
    return {name: redact(f"{name}={value}")[len(name) + 1 :] for name, value in found.items()}


def log_path(state_dir: str, task: Task) -> str | None:
    """Return the path of the last attempt's errors; None if there was no attempt."""
    if not task.attempt:
        return None
    return f"{attempt_dir(state_dir, task.id, task.attempt)}/stderr.log"
