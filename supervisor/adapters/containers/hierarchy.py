"""Finds where the kernel counts what a process's cgroup uses: v1, v2, or both side by side.

Nothing is guessed from names: ``/proc/PID/cgroup`` says the path in each hierarchy and
``/proc/self/mountinfo`` where each is mounted (cgroups(7)). The paths are as this process sees them,
so what lies outside of its own view is not found, and then somebody else must be asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One mounted hierarchy."""

    root: str
    """The cgroup that its top directory shows."""
    at: str
    controllers: frozenset[str]
    unified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The directories that tell about one cgroup."""

    controllers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of v1: by ``cpuacct``, ``memory``, ``pids``, ``blkio``, ``cpu``."""
    unified: str | None = None


class Hierarchies:
    """The cgroup mounts of this machine, read once; ``root`` stands for ``/`` in tests."""

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = str(root).rstrip("/")
        text = Path(f"{self._root}/proc/self/mountinfo").read_text(encoding="utf-8")
        self._mounts = tuple(parse_mounts(text))

    def places(self, pid: int, *, of: str = "") -> Places:
        """Return the directories of the cgroup that ``pid`` is in; none when it is gone or hidden.

        ``of`` is the container that it should belong to: a pid that another machine counts, or that was
        given away since, leads to a cgroup without that name.
        """
        try:
            text = Path(f"{self._root}/proc/{pid}/cgroup").read_text(encoding="utf-8")
        except OSError:
            return Places()
        if of not in text:
            return Places()
        controllers: dict[str, str] = {}
        unified = None
        for names, path in parse_cgroups(text):
            for mount in self._mounts:
                if mount.unified != (not names) or not names <= mount.controllers:
                    continue
                place = self._root + mount.at + _below(path, mount.root)
                if mount.unified:
                    unified = place
                controllers |= dict.fromkeys(names, place)
                break
        return Places(controllers=MappingProxyType(controllers), unified=unified)


def parse_mounts(text: str) -> Iterator[Mount]:
    """Yield the cgroup mounts of a ``mountinfo`` file (proc_pid_mountinfo(5))."""
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kinds = left.split(), right.split()
        if len(fields) >= 6 and len(kinds) >= 3 and kinds[0] in {"cgroup", "cgroup2"}:
            yield Mount(
                root=_unescaped(fields[3]),
                at=_unescaped(fields[4]),
                controllers=frozenset(kinds[2].split(",")),
                unified=kinds[0] == "cgroup2",
            )


def parse_cgroups(text: str) -> Iterator[tuple[frozenset[str], str]]:
    """Yield the controllers (none: v2) and the path of each line of ``/proc/PID/cgroup``."""
    for line in text.splitlines():
        number, _, rest = line.partition(":")
        names, _, path = rest.partition(":")
        if number.isdecimal() and path.startswith("/"):
            yield frozenset(names.split(",")) if names else frozenset(), path


def _below(path: str, root: str) -> str:
    """Return ``path`` as it is called below a mount that shows ``root`` as its top."""
    if root != "/" and (path == root or path.startswith(root + "/")):
        return path[len(root) :]
    return "" if path == "/" else path


def _unescaped(field_: str) -> str:
    """Return a field of mountinfo with its octal escapes undone."""
    for octal, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field_ = field_.replace(octal, sign)
    return field_
