"""``overnight clean``: removes logs of attempts of batches that ended long ago."""

import shutil
from pathlib import Path

from supervisor.cli import task_dirs
from supervisor.cli.batches import Entry, chosen, known
from supervisor.cli.confirm import confirm
from supervisor.cli.text import clock, now
from supervisor.cli.words import Args, CommandError
from supervisor.core.durations import seconds


def run(args: Args) -> int:
    """Remove attempt directories of finished batches; results, reports and the journal stay.

    Raises:
        CommandError: no age was given, or nobody agreed.
    """
    older = args.text("older")
    if older is None:
        raise CommandError("how old? overnight clean --older 30d")
    try:
        oldest = now() - seconds(older)
    except ValueError as error:
        raise CommandError(f"--older: {error}") from error
    batches = [chosen(args, reads=False)] if args.on("batch") else known()
    found = {entry.directory: _attempts(entry) for entry in batches if _is_old(entry, oldest)}
    found = {directory: attempts for directory, attempts in found.items() if attempts}
    if not found:
        print(f"nothing to remove: no batch that is done ended more than {older} ago")
        return 0
    _list(found, batches)
    if args.on("dry-run"):
        return 0
    confirm("Remove these logs for good?", args)
    for attempts in found.values():
        for attempt in attempts:
            shutil.rmtree(attempt)
    return 0


def _is_old(entry: Entry, oldest: float) -> bool:
    """Return whether a batch is done, long ago, and nothing of it lives."""
    ended_at = entry.ended_at
    return (
        entry.ended == "done"
        and ended_at is not None
        and ended_at < oldest
        and not task_dirs.living(entry.directory)
    )


def _attempts(entry: Entry) -> list[Path]:
    return sorted(Path(entry.directory).glob("tasks/*/*/attempt-*"))


def _list(found: dict[str, list[Path]], batches: list[Entry]) -> None:
    for entry in batches:
        attempts = found.get(entry.directory, [])
        if attempts:
            size = sum(_size(attempt) for attempt in attempts)
            ended = clock(entry.ended_at or 0.0, now())
            print(f"{entry.title()}: {len(attempts)} attempts, {size / 1e6:.1f} MB, ended {ended}")


def _size(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())
