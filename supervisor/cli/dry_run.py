"""``overnight run --dry-run``: what would run, what would not, and why."""

import shlex
from collections.abc import Iterator
from pathlib import Path

from supervisor.adapters.journal.reading import read_stored
from supervisor.cli.text import cleaned, now
from supervisor.core import inner
from supervisor.core.batch import Task
from supervisor.core.ladder import next_rung
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import WORDS, Live, Succeeded, Waiting
from supervisor.core.places import task_dir
from supervisor.core.quoting import insert, substitute
from supervisor.core.resume import plan
from supervisor.core.state import Batch

_ANY_UUID = "0" * 32


def planned(spec: BatchSpec, options: RunOptions) -> Iterator[str]:
    """Yield one line for each task, in the order of the batch file.

    Raises:
        JournalError: what is stored cannot be read, or an engine has it open.
    """
    stored = None if options.fresh else read_stored(Path(spec.directory) / "state.db")
    found = plan(spec, stored, options, now(), _ANY_UUID)
    yield from (cleaned(message) for message in found.messages)
    if found.refused is not None:
        yield from map(cleaned, found.refused.splitlines())
    if options.sample is not None and stored is None:
        yield "which tasks are the sample is drawn when the batch first runs; this is one of many"
    would = [task for task in found.batch.tasks.values() if _would_run(task)]
    for task in found.batch.tasks.values():
        yield _line(found.batch, task)
    yield f"{len(would)} of {len(found.batch.tasks)} tasks would run"


def _would_run(task: Task) -> bool:
    return not task.skipped and not task.removed and not _over(task)


def _over(task: Task) -> bool:
    return WORDS[type(task.phase)] in ("succeeded", "failed", "aborted", "cancelled")


def _line(batch: Batch, task: Task) -> str:
    name = cleaned(task.id)
    if task.removed:
        return f"skip  {name}  no longer in the batch file"
    if task.skipped:
        return f"skip  {name}  not chosen by --filter or --sample"
    if isinstance(task.phase, Live):
        return f"adopt {name}  attempt {task.phase.attempt} may still run"
    if isinstance(task.phase, Succeeded):
        return f"skip  {name}  succeeded"
    if _over(task):
        return f"skip  {name}  {WORDS[type(task.phase)]}; --retry-errors runs it"
    wait = "" if isinstance(task.phase, Waiting) else f"  ({WORDS[type(task.phase)]})"
    container = batch.specs[task.id].container
    where = "" if container is None else f"in {cleaned(container.image)}: "
    return f"run   {name}{wait}  {where}{_command(batch, task)}"


def _command(batch: Batch, task: Task) -> str:
    """Return the command as it would be given to the shell."""
    spec = batch.specs[task.id]
    values = {**spec.params, "task": task.id, "attempt": str(task.attempt + 1), "slot": "1"}
    rung = next_rung(batch, task.id)
    if rung is not None:
        values[rung.knob] = str(rung.value)
    group = batch.group_specs[spec.group]
    number = inner.value(group, batch.groups[spec.group])
    if group.inner is not None:
        values[group.inner.knob] = str(number)
    values["task_dir"] = task_dir(batch.head.directory, task.id)
    if isinstance(spec.run, str):
        return cleaned(insert(spec.run, values))
    return cleaned(shlex.join(substitute(word, values) for word in spec.run))
