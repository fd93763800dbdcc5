"""What a new engine makes of what the last one left: plan, adopt, and only then go on."""

from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from supervisor.core.batch import Rows
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import WAITING, Frozen, Live, Running, Unreachable
from supervisor.core.resume import plan
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.engine.pump import Offsets
from supervisor.engine.writer import Writer
from supervisor.ports import ConfigError, Ref, Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """The batch as this engine begins it; it is durable already."""

    batch: Batch
    adopt: tuple[Ref, ...]
    """Attempts that were seen alive. One that was only ordered is ordered again instead: the
    backend takes it over if it began after all."""
    offsets: Offsets
    messages: tuple[str, ...]
    nothing_to_do: bool = False
    exit_hint: int = 0
    """The exit code, if there is nothing to do."""


async def recover(
    writer: Writer,
    spec: BatchSpec,
    options: RunOptions,
    *,
    now: float,
    environment: Set[str],
) -> Recovered:
    """Load what is stored, plan this run, and make the plan durable.

    ``environment`` are the names that are set now.

    Raises:
        ConfigError: the plan needs the operator's word first.
        JournalError: what is stored cannot be read.
    """
    stored = await writer.call(lambda journal: journal.load(fallback_spec=spec))
    if stored is not None:
        _refuse_namesake(stored.spec, spec)
        stored = _as_moved(stored, spec, options)
    planned = plan(spec, stored, options, now, str(uuid4()), _missing(stored, environment, options))
    if planned.refused is not None:
        raise ConfigError(planned.refused.splitlines())
    batch = planned.batch
    await writer.call(lambda journal: journal.begin(spec_of(batch), all_rows(batch)))
    return Recovered(
        batch=batch,
        adopt=seen_alive(batch),
        offsets={} if stored is None else stored.offsets,
        messages=(*(() if stored is None else stored.notes), *planned.messages),
        nothing_to_do=planned.nothing_to_do,
        exit_hint=planned.exit_hint,
    )


def _missing(stored: Stored | None, environment: Set[str], options: RunOptions) -> tuple[str, ...]:
    if stored is None or options.missing_env_ok:
        return ()
    return tuple(name for name in stored.spec.env_names if name not in environment)


def _refuse_namesake(before: BatchSpec, now: BatchSpec) -> None:
    """Two files that give their batches one name would take turns in one state directory.

    Raises:
        ConfigError: the state belongs to another file, which still exists.
    """
    old, new = Path(before.source), Path(now.source)
    if old == new or not old.exists() or (new.exists() and old.samefile(new)):
        return
    if old == Path(now.directory) / "batch.yaml":
        return  # a one-liner's own file, exported by ``save``: the batch goes on under the new one
    raise ConfigError(
        [
            f"{now.directory} belongs to {old}, and {new} has the same batch name:"
            " give one of them another with batch: NAME"
        ]
    )


def _as_moved(stored: Stored, spec: BatchSpec, options: RunOptions) -> Stored:
    """Settle whether a state directory in a new place is the batch itself or a copy of it.

    Raises:
        ConfigError: the operator has not said which.
    """
    if stored.moved_from is None or options.moved == "moved":
        return stored
    if options.moved == "ask":
        raise ConfigError(
            [
                f"{spec.directory} was at {stored.moved_from} when the batch last ran:"
                " overnight run --moved if it is the same batch in a new place,"
                " overnight run --copied if it is a copy and the batch goes on there too"
            ]
        )
    return replace(stored, rows=_copied(stored.rows), offsets={})


def _copied(rows: Rows) -> Rows:
    """A copy is another batch: what runs belongs to the original."""
    tasks = {
        name: replace(task, phase=WAITING) if isinstance(task.phase, Live) else task
        for name, task in rows.tasks.items()
    }
    desk = None if rows.desk is None else replace(rows.desk, uuid=str(uuid4()))
    return replace(rows, desk=desk, tasks=tasks)


def seen_alive(batch: Batch) -> tuple[Ref, ...]:
    """Return the attempts that a backend had confirmed and nobody saw end."""
    return tuple(
        Ref(task.id, task.phase.attempt)
        for task in batch.tasks.values()
        if isinstance(task.phase, Running | Frozen | Unreachable)
    )
