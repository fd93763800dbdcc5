"""``--fresh``: the old state goes aside, never away, and never while its attempts live."""

from contextlib import aclosing
from datetime import UTC, datetime
from pathlib import Path

from supervisor.core.phase import Frozen, Running, Starting, Unreachable
from supervisor.engine.parts import Parts
from supervisor.engine.writer import Writer
from supervisor.ports import Alive, ConfigError, Gone, JournalError, Ref, Unknown

_LIVE = Starting | Running | Frozen | Unreachable


async def refuse_living(parts: Parts, batch: str) -> None:
    """Make sure that nothing of the stored batch runs any more, nor ever will.

    Raises:
        ConfigError: attempts still run; its words say how to end them.
    """
    writer = Writer(parts.journal)
    try:
        stored = await writer.call(lambda journal: journal.load())
    except JournalError:
        stored = None  # what cannot be read cannot be asked; the attempts' marks keep them apart
    finally:
        await writer.close()
    if stored is None or stored.rows.desk is None:
        return
    refs = [
        Ref(task.id, task.phase.attempt)
        for task in stored.rows.tasks.values()
        if isinstance(task.phase, _LIVE)
    ]
    living = await _living(parts, stored.rows.desk.uuid, refs)
    if living:
        raise ConfigError(
            [
                f"--fresh: {len(living)} attempts of the old state still run"
                f" ({', '.join(str(ref.task) for ref in living[:5])}):"
                f" first overnight run it without --fresh, then overnight stop {batch}"
            ]
        )


async def _living(parts: Parts, uuid: str, refs: list[Ref]) -> list[Ref]:
    """Return which of ``refs`` are not certainly over."""
    if not refs:
        return []
    backend = parts.backend(uuid)
    await backend.adopt(refs)
    heard: dict[Ref, Alive | Gone | Unknown] = {}
    async with aclosing(backend.reports()) as reports:
        async for report in reports:
            if isinstance(report, Alive | Gone | Unknown):
                heard.setdefault(report.ref, report)
            if len(heard) == len(refs):
                break
    backend.close()
    return [ref for ref, report in heard.items() if not isinstance(report, Gone)]


def move_aside(directory: Path, now: float) -> Path:
    """Rename the state directory to ``NAME.old-<time>`` and make an empty one; return the old."""
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = directory.with_name(f"{directory.name}.old-{stamp}")
    number = 1
    while aside.exists():
        number += 1
        aside = directory.with_name(f"{directory.name}.old-{stamp}-{number}")
    directory.rename(aside)
    directory.mkdir(mode=0o700)
    return aside
