"""What a new engine makes of what the last one left: plan, adopt, and only then go on."""

import uuid
from dataclasses import dataclass

from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import Frozen, Running, Unreachable
from supervisor.core.resume import plan
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.engine.pump import Offsets
from supervisor.engine.writer import Writer
from supervisor.ports import ConfigError, Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """The batch as this engine begins it; it is durable already."""

    batch: Batch
    adopt: tuple[Ref, ...]
    """Attempts that were seen alive. One that was only ordered is ordered again instead: the
    backend takes it over if it began after all."""
    offsets: Offsets
    messages: tuple[str, ...]


async def recover(writer: Writer, spec: BatchSpec, options: RunOptions, now: float) -> Recovered:
    """Load what is stored, plan this run, and make the plan durable.

    Raises:
        ConfigError: the plan needs the operator's word first.
        JournalError: what is stored cannot be read.
    """
    stored = await writer.call(lambda journal: journal.load(fallback_spec=spec))
    planned = plan(spec, stored, options, now, str(uuid.uuid4()))
    if planned.refused is not None:
        raise ConfigError(planned.refused.splitlines())
    batch = planned.batch
    await writer.call(lambda journal: journal.begin(spec_of(batch), all_rows(batch)))
    notes = stored.notes if stored is not None else ()
    return Recovered(
        batch=batch,
        adopt=seen_alive(batch),
        offsets=stored.offsets if stored is not None else {},
        messages=(*notes, *planned.messages),
    )


def seen_alive(batch: Batch) -> tuple[Ref, ...]:
    """Return the attempts that a backend had confirmed and nobody saw end."""
    return tuple(
        Ref(task.id, task.phase.attempt)
        for task in batch.tasks.values()
        if isinstance(task.phase, Running | Frozen | Unreachable)
    )
