"""Reads signs of life of one container out of the kernel: processes, connections, files."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from supervisor.adapters.containers import inside
from supervisor.adapters.containers.sleepers import is_init, is_sleeper
from supervisor.adapters.local.procfs import command_line, process
from supervisor.core.containers import Container, Sentinels, Signals, Traces

_MOST_ASKED = 64
"""A container with more processes than this is not looked at one by one: it does not sleep."""
ID_BYTES = 256 * 1024
"""An id file is no larger."""
_MOST_ITEMS = 20
_ESTABLISHED = b"01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What the processes of a container tell."""

    extra: int | None = None
    sleeper: bool | None = None
    words: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])


def life(container: Container, members: list[int] | None) -> Life:
    """Return what the processes ``members`` do; their own words tell who only waits."""
    if members is None:
        return Life(sleeper=is_sleeper(container.command) if container.command else None)
    if len(members) > _MOST_ASKED:
        return Life(extra=len(members) - 1, sleeper=False)
    words = {pid: said for pid in members if (said := _words(pid))}
    first = words.get(container.pid or 0) or container.command
    sleeper = is_sleeper(first)
    if is_init(first) and not sleeper:
        sleeper = any(is_sleeper(said) for said in words.values())
    idle = {pid for pid, said in words.items() if is_init(said) or is_sleeper(said)}
    extra = sum(1 for pid in words if pid != container.pid and pid not in idle)
    return Life(extra=extra, sleeper=sleeper, words=words)


def connections(pid: int) -> int | None:
    """Return how many connections to elsewhere are open in the network of ``pid``; None: unknown."""
    try:
        # The tables are dear (2 ms), the summary is not; it counts listeners, too.
        with open(f"/proc/{pid}/net/sockstat", "rb") as file:  # noqa: PTH123 - half the cost
            if b"\nTCP: inuse 0 " in file.read() and not _uses_tcp6(pid):
                return 0
        return sum(established(f"/proc/{pid}/net/{table}") for table in ("tcp", "tcp6"))
    except OSError:
        return None


def files(pid: int, wanted: Sentinels) -> Traces:
    """Return what the files that ``wanted`` names tell.

    Raises:
        HiddenError: this user may not look inside.
    """
    error_file, error_at = _newest(pid, wanted.error_files)
    output_file, output_at = _newest(pid, wanted.output_files)
    newest = inside.newest_in(pid, wanted.workspace) if wanted.workspace else None
    said = inside.read(pid, wanted.id_file, ID_BYTES) if wanted.id_file else None
    return Traces(
        error_file=error_file,
        error_at=error_at,
        output_file=output_file,
        output_at=output_at,
        written_at=newest,
        items=named_items(said) if said else (),
    )


def named_items(text: bytes) -> tuple[str, ...]:
    """Return the ids that an id file names: the keys of its object, or its ``task_id``."""
    try:
        said = json.loads(text)
    except ValueError:
        return ()
    if not isinstance(said, dict):
        return ()
    named = cast("dict[str, object]", said)
    own = named.get("task_id")
    ids = [own] if isinstance(own, str) else list(named)
    return tuple(ids[:_MOST_ITEMS])


def together(at: float, alive: Life, found: Traces, open_: int | None) -> Signals:
    """Return all of it as one."""
    return Signals(
        at=at,
        extra_processes=alive.extra,
        sleeper=alive.sleeper,
        connections=open_,
        error_file=found.error_file,
        error_at=found.error_at,
        output_file=found.output_file,
        output_at=found.output_at,
        written_at=found.written_at,
        items=found.items,
    )


def _words(pid: int) -> tuple[str, ...]:
    """Return the command line of a living process; empty where it is dead or tells none."""
    line = command_line(pid)
    if line:
        return tuple(word.decode("utf-8", "replace") for word in line.rstrip(b"\0").split(b"\0"))
    # A zombie has none; nor has a process that wiped it, which lives all the same.
    seen = process(pid)
    return () if seen is None or seen.dead else (seen.name,)


def _newest(pid: int, paths: tuple[str, ...]) -> tuple[str | None, float | None]:
    return newest_of(paths, lambda path: inside.written_at(pid, path))


def newest_of(
    paths: tuple[str, ...], written_at: Callable[[str], float | None]
) -> tuple[str | None, float | None]:
    """Return the path that was written last, and when; None twice: none of them is there."""
    there = [(at, path) for path in paths if (at := written_at(path)) is not None]
    at, path = max(there, default=(None, None))
    return path, at


def _uses_tcp6(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/net/sockstat6", "rb") as file:  # noqa: PTH123 - as above
            return b"TCP6: inuse 0" not in file.read()
    except OSError:
        return False


def established(path: str) -> int:
    """Return how many connections to elsewhere stand in a ``/proc/net/tcp`` or ``tcp6`` (proc_net(5))."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - as above
            lines = file.read().splitlines()[1:]
    except FileNotFoundError:  # a kernel without IPv6
        return 0
    count = 0
    for line in lines:
        _, _, remote, state = line.split(None, 4)[:4]
        count += state == _ESTABLISHED and not _is_loopback(remote.partition(b":")[0])
    return count


def _is_loopback(address: bytes) -> bool:
    """Return whether an address of ``/proc/net/tcp`` or ``tcp6`` (little-endian hex) is this host's own."""
    return (
        address.endswith(b"7F")
        if len(address) == 8
        else (
            address == b"0" * 24 + b"01000000"
            or (address[16:24] == b"FFFF0000" and address.endswith(b"7F"))
        )
    )
