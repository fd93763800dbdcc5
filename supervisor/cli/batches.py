"""Which batch a command is about. Imports little: reading commands begin here."""

import os
import sys
import time

from supervisor.cli import disk
from supervisor.cli.processes import is_alive
from supervisor.cli.words import Args, CommandError

_SHORTEST_PREFIX = 4
SILENT_S = 30.0
"""How long an engine whose process lives may say nothing while it begins anew."""
_LOOK_EVERY_S = 0.02


class Entry:
    """A batch as its ``engine.json`` tells of it."""

    __slots__ = (
        "api",
        "batch",
        "directory",
        "ended",
        "ended_at",
        "host",
        "pid",
        "process",
        "running",
        "socket",
        "source",
        "started_at",
        "uuid",
    )

    def __init__(self, facts: dict[str, object]) -> None:
        self.batch = str(facts.get("batch", ""))
        self.directory = str(facts.get("directory", ""))
        self.source = str(facts.get("source", ""))
        self.uuid = str(facts.get("uuid", ""))
        self.socket = str(facts.get("socket", ""))
        self.host = str(facts.get("host", ""))
        self.pid = _whole(facts.get("pid"))
        self.api = _whole(facts.get("api"))
        self.started_at = _real(facts.get("started_at")) or 0.0
        self.ended_at = _real(facts.get("ended_at"))
        self.ended = facts.get("ended")
        """done, stopped or left_running; None while it runs and after it died."""
        self.process = (self.pid, str(facts.get("start_time")), facts.get("boot_id"))
        self.running = (
            self.ended_at is None and os.uname().nodename == self.host and is_alive(*self.process)
        )

    def title(self) -> str:
        """Return the batch with its place, as lists and messages show it."""
        return f"{self.batch} ({self.source or self.directory})"


def chosen(args: Args, *, reads: bool, word: str | None = None) -> Entry:
    """Return the batch meant by ``word``, by ``-b``, or by where we are.

    A batch chosen only because it is the latest is named on stderr.

    Raises:
        CommandError: no batch fits, or several do.
    """
    named = word or args.text("batch")
    entries = known()
    if named:
        return _pick(_named(named, entries), reads, f"no batch {named}; overnight ls lists them")
    here = _under(disk.cwd(), entries)
    if here:
        return _pick(here, reads, "")
    running = [entry for entry in entries if entry.running]
    return _pick(
        running or (entries if reads else []), reads, _nothing(entries), newest=not running
    )


def running(args: Args, word: str | None = None) -> Entry:
    """Return the chosen batch, whose engine runs.

    Raises:
        CommandError: it does not run, or none was meant.
    """
    entry = chosen(args, reads=False, word=word)
    if not entry.running:
        again = f"overnight run {entry.source or 'FILE'}"
        retries = args.command == "retry"
        cure = f"{again} --retry-errors runs what failed" if retries else f"{again} goes on with it"
        raise CommandError(f"{entry.batch} is not running; {cure}")
    return entry


def at_directory(directory: str) -> Entry | None:
    """Return the batch whose state directory this is; None: no engine ever announced itself."""
    return _read(f"{directory}/engine.json")


def is_still_running(entry: Entry) -> bool:
    """Look again whether the engine's process lives, whatever it said about its end."""
    return is_alive(*entry.process)


def comes_back(entry: Entry, silent_since: float) -> bool:
    """Tell whether to ask the engine again: after a fault of its own its process begins anew.

    Returns when there is a socket again; False when the process died, or was silent for 30 s.
    ``silent_since`` is monotonic.
    """
    while is_still_running(entry) and time.monotonic() - silent_since < SILENT_S:
        time.sleep(_LOOK_EVERY_S)
        if disk.exists(entry.socket):
            return True
    return False


def known() -> list[Entry]:
    """Return every batch this user's engines told of, the latest first."""
    folder = disk.in_home(".local/state/overnight/batches")
    entries = [_read(f"{folder}/{name}") for name in disk.names(folder) if name.endswith(".json")]
    found = [entry for entry in entries if entry is not None and disk.is_directory(entry.directory)]
    found.sort(key=lambda entry: entry.started_at)
    # A directory that was begun anew (--fresh) has been told of under two uuids: the later counts.
    return list({entry.directory: entry for entry in found}.values())[::-1]


def _pick(entries: list[Entry], reads: bool, otherwise: str, *, newest: bool = False) -> Entry:
    """Return the only one, else the only running one, else (reading) the latest, saying so."""
    if not entries:
        raise CommandError(otherwise)
    alive = [entry for entry in entries if entry.running]
    if len(entries) == 1 and not newest:
        return entries[0]
    if len(alive) == 1:
        return alive[0]
    if not reads:
        lines = "\n".join(f"  {entry.title()}" for entry in alive or entries)
        raise CommandError(f"which batch? Name one with -b:\n{lines}")
    latest = (alive or entries)[0]
    _say(f"the latest batch, {latest.title()}")
    return latest


def _named(word: str, entries: list[Entry]) -> list[Entry]:
    """Return the batches called ``word``: by name, by place, or by the start of their uuid."""
    here = [entry for entry in _under(disk.cwd(), entries) if entry.batch == word]
    by_name = here or [entry for entry in entries if entry.batch == word]
    if by_name:
        return by_name
    if disk.exists(word):
        return _at(disk.real(word), entries)
    if len(word) >= _SHORTEST_PREFIX:
        return [entry for entry in entries if entry.uuid.replace("-", "").startswith(word)]
    return []


def _at(path: str, entries: list[Entry]) -> list[Entry]:
    """Return the batches of a batch file, of a state directory, or below a directory."""
    if disk.is_file(path):
        near = {entry.directory: entry for entry in _beside(disk.parent(path))}
        near.update({entry.directory: entry for entry in entries})
        return [entry for entry in near.values() if disk.real(entry.source) == path]
    own = _read(f"{path}/engine.json")
    return [own] if own else _under(path, entries)


def _under(directory: str, entries: list[Entry]) -> list[Entry]:
    """Return the batches below ``directory``, the latest first."""
    root = disk.real(directory).rstrip("/") + "/"
    found = {
        entry.directory: entry
        for entry in [*_beside(directory), *entries]
        if disk.real(entry.directory).startswith(root)
    }
    return sorted(found.values(), key=lambda entry: entry.started_at, reverse=True)


def _beside(directory: str) -> list[Entry]:
    """Return the batches whose state lies in ``directory/.overnight``, listed for us or not."""
    folder = f"{directory}/.overnight"
    entries = [_read(f"{folder}/{name}/engine.json") for name in disk.names(folder)]
    return [entry for entry in entries if entry is not None]


def _read(path: str) -> Entry | None:
    facts = disk.facts(path)
    return Entry(facts) if facts else None


def _nothing(entries: list[Entry]) -> str:
    """Say that no batch runs, and what could be meant."""
    if not entries:
        return "no batch here; overnight run FILE starts one"
    lines = "\n".join(f"  {entry.title()}" for entry in entries[:10])
    return f"no batch is running; these were:\n{lines}"


def _say(text: str) -> None:
    print(f"overnight: {text}", file=sys.stderr)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


def _real(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
