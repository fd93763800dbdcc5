"""All that is known of one task, as clients show it on a page of its own."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from supervisor.core import why
from supervisor.core.facets import FINAL, LIVE
from supervisor.core.models import AttemptRecord, GroupId, TaskId
from supervisor.core.need import need_of
from supervisor.core.need import said as need_words
from supervisor.core.needs import Dependents, unmet
from supervisor.core.night import Event
from supervisor.core.outcome import cleaned, params
from supervisor.core.phase import WORDS
from supervisor.core.places import attempt_dir, task_dir
from supervisor.core.redact import redact
from supervisor.core.spent import Spent
from supervisor.core.state import Batch
from supervisor.core.told import Told
from supervisor.core.wish import IN_CONTAINER

_LAUNCH = re.compile(r"attempt (\d+) in slot \d+(?:, (.+))?")
MOST_DEPENDENTS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptRow:
    """One attempt."""

    attempt: int
    started_at: float
    ended_at: float | None = None
    """None: it lives."""
    code: int | None = None
    error_class: str | None = None
    """None: it succeeded, or lives."""
    cause: str = ""
    counted: bool = False
    """It cost one of the allowed attempts."""
    decision: str = ""
    """What was done about its end, and why."""
    found_by: str = ""
    """The rule whose line explains the end, and why that line and no other."""
    progress: tuple[int, int] | None = None
    """Done and total, as it said last."""
    spent: Spent | None = None
    """What its processes used; None: nobody looked while it ran."""
    settings: str = ""
    """The knobs it was launched with, such as ``batch_size 16``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedRow:
    """Something that the task needs, or that needs it."""

    name: str
    state: str
    """A phase word; or how many of a group's tasks succeeded."""
    met: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """A file of the task."""

    path: str
    """Relative to the task's directory where it lies below it."""
    size_bytes: int
    changed_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What an attempt was launched with, as its ``spec.json`` says."""

    argv: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    """Names of its whole environment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskPage:
    """One task in full. All texts are redacted; of the environment there are only names."""

    task: TaskId
    as_of: float
    standing: tuple[str, ...] = ()
    """Why it is where it is."""
    attempts: tuple[AttemptRow, ...] = ()
    """Oldest first."""
    decisions: tuple[Event, ...] = ()
    """Oldest first; those about its group, its limits or the batch name them."""
    command: str = ""
    cwd: str = ""
    image: str = ""
    """Of the container that it runs in; empty: it runs as a process."""
    params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    limits: tuple[str, ...] = ()
    own_env: tuple[str, ...] = ()
    """Names that the batch file sets for it."""
    env_file: str = ""
    env: tuple[str, ...] = ()
    """The other names that its last attempt had, or its next one will have."""
    needs: tuple[NeedRow, ...] = ()
    needed_by: tuple[NeedRow, ...] = ()
    directory: str = ""
    """Holds its attempts' directories."""
    attempt_directory: str = ""
    """Of its last attempt; empty: there was none."""
    files: tuple[FileRow, ...] = ()
    host: str = ""
    """The machine it runs on."""


def page(
    batch: Batch,
    id_: TaskId,
    now: float,
    decisions: Sequence[Event],
    ran: Ran | None,
    said: Told | None = None,
) -> TaskPage:
    """Return the page of a task as of ``now``, but for files and host, which are seen elsewhere.

    ``decisions`` are those about it in their order, ``ran`` what its last attempt was launched with,
    ``said`` what its living one says of itself.
    """
    task, spec, home = batch.tasks[id_], batch.specs[id_], batch.head.directory
    return TaskPage(
        task=id_,
        as_of=now,
        standing=tuple(map(redact, why.standing(batch, id_, now, said))),
        attempts=tuple(_attempts(batch, id_, decisions)),
        decisions=tuple(
            Event(at=one.at, kind=one.kind, subject=one.subject, text=redact(one.text))
            for one in decisions
        ),
        command=redact(_command(ran) if ran is not None else _text(spec.run)),
        cwd=spec.cwd,
        image=spec.container.image if spec.container is not None else "",
        params=params(batch, task),
        limits=spec.limits,
        own_env=tuple(sorted(spec.env)),
        env_file=spec.env_file or "",
        env=tuple(sorted({*(ran.env if ran else batch.head.env_names)} - spec.env.keys())),
        needs=tuple(_needs(batch, id_)),
        needed_by=tuple(_needed_by(batch, id_)),
        directory=task_dir(home, id_),
        attempt_directory=attempt_dir(home, id_, task.attempt) if task.attempt else "",
    )


def _attempts(batch: Batch, id_: TaskId, decisions: Sequence[Event]) -> Iterator[AttemptRow]:
    settings = {
        int(found[1]): found[2] or ""
        for one in decisions
        if one.kind == "launch" and (found := _LAUNCH.fullmatch(one.text)) is not None
    }
    task = batch.tasks[id_]
    for record in task.history:
        yield _attempt(record, settings.get(record.attempt, ""))
    if isinstance(task.phase, LIVE):
        number = task.phase.attempt
        yield AttemptRow(
            attempt=number, started_at=task.phase.since, settings=settings.get(number, "")
        )


def _attempt(record: AttemptRecord, settings: str) -> AttemptRow:
    weighed = f"{record.rule}, {record.weighed}" if record.weighed else record.rule or ""
    return AttemptRow(
        attempt=record.attempt,
        started_at=record.started_at,
        ended_at=record.ended_at,
        code=record.code,
        error_class=None if record.error_class is None else str(record.error_class),
        cause=cleaned(record.cause),
        counted=record.counted,
        decision=cleaned(record.decision),
        found_by=redact(weighed),
        progress=record.progress,
        spent=record.spent,
        settings=settings,
    )


def _command(ran: Ran) -> str:
    """Return what was run as a person would type it: without the shell that reads it."""
    argv = ran.argv
    if argv[:-1] == IN_CONTAINER:
        return argv[-1]
    if len(argv) == 3 and argv[1] == "-c":
        return argv[2].removeprefix("set -o pipefail\n")
    return _text(argv)


def _text(run: str | tuple[str, ...]) -> str:
    if isinstance(run, str):
        return run
    return " ".join(f"'{word}'" if " " in word or not word else word for word in run)


def _needs(batch: Batch, id_: TaskId) -> Iterator[NeedRow]:
    missing = frozenset(unmet(batch, id_))
    for text in batch.specs[id_].needs:
        need = need_of(text)
        yield NeedRow(
            name=need_words(need), state=_state(batch, need.name), met=text not in missing
        )


def _state(batch: Batch, name: str) -> str:
    task = batch.tasks.get(TaskId(name))
    if task is not None:
        return WORDS[type(task.phase)]
    counts = batch.counts.get(GroupId(name))
    if counts is None:
        return "not in the batch"
    return f"{counts['succeeded']} of {sum(counts.values())} succeeded"


def _needed_by(batch: Batch, id_: TaskId) -> Iterator[NeedRow]:
    for number, name in enumerate(Dependents(batch).of(id_)):
        if number == MOST_DEPENDENTS:
            return
        phase = batch.tasks[name].phase
        yield NeedRow(name=name, state=WORDS[type(phase)], met=isinstance(phase, FINAL))
