"""Finds the processes of attempts, also those that tried to get away.

One sign alone is never enough: a session is left by ``setsid``, the mark in the environment is
dropped by ``env -i`` and wiped by ``setproctitle``, the line of parents breaks when one of them
ends. A process belongs to an attempt if any of these says so: it is in the shim's session; it, or
the session it is in, was seen as a member before; its environment carries the mark; it descends
from a member or the shim; its standard output or error is the attempt's log.
"""

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from supervisor.adapters.local.environment import mark
from supervisor.adapters.local.procfs import Ident, Process, environ, outputs, processes
from supervisor.core.models import TaskId
from supervisor.ports import Ref


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An attempt whose processes are looked for."""

    ref: Ref
    directory: str
    shim: Ident | None
    """None: nobody knows (the claim was torn); then the shim itself counts as a member."""
    seen: frozenset[Ident] = frozenset()
    """Members as of the last look."""
    sessions: frozenset[int] = frozenset()
    """Sessions these members were in, besides the shim's."""


_MARKS = tuple(f"{name}=".encode() for name in mark("", Ref(TaskId(""), 0)))

Found = dict[Ref, list[Process]]


def look(targets: Sequence[Target], *, uuid: str, thorough: bool) -> Found:
    """Return the living members of each attempt but its shim; blocks for one pass over /proc.

    Only a ``thorough`` look reads environments and descriptors; it takes several times as long.
    """
    table = processes()
    table.pop(os.getpid(), None)
    owner = dict(_by_session(targets, table))
    _descend(targets, table, owner)
    if thorough:
        owner |= dict(_by_mark(targets, table, owner, uuid))
        _descend(targets, table, owner)
    shims = {target.shim for target in targets}
    found: Found = {target.ref: [] for target in targets}
    for pid, ref in owner.items():
        each = table[pid]
        if not each.dead and each.ident not in shims:
            found[ref].append(each)
    return found


def _by_session(
    targets: Sequence[Target], table: Mapping[int, Process]
) -> Iterator[tuple[int, Ref]]:
    """Yield what sessions and former looks tell."""
    sessions = {number: target for target in targets for number in target.sessions}
    sessions |= {target.shim.pid: target for target in targets if target.shim}
    seen = {ident: target for target in targets for ident in target.seen}
    for pid, each in table.items():
        target = seen.get(each.ident) or sessions.get(each.session)
        if target and (each.ident in seen or _same_session(each, target, table)):
            yield pid, target.ref


def _same_session(each: Process, target: Target, table: Mapping[int, Process]) -> bool:
    """Return whether the session's number has not been given to a new leader since."""
    leader = table.get(each.session)
    if target.shim and each.ident.start < target.shim.start:
        return False
    return leader is None or leader.ident == target.shim or leader.ident in target.seen


def _by_mark(
    targets: Sequence[Target],
    table: Mapping[int, Process],
    owner: Mapping[int, Ref],
    uuid: str,
) -> Iterator[tuple[int, Ref]]:
    """Yield what environments and log descriptors tell about the processes nobody owns yet."""
    marks = {_marks(uuid, target.ref): target.ref for target in targets}
    logs = {os.path.realpath(target.directory): target.ref for target in targets}
    oldest = min((target.shim.start if target.shim else 0 for target in targets), default=0)
    for pid, each in table.items():
        if pid in owner or each.dead or each.ident.start < oldest:
            continue
        said = environ(pid).split(b"\0")
        ref = marks.get(frozenset(entry for entry in said if entry.startswith(_MARKS)))
        ref = ref or next(
            (logs[at] for at in map(os.path.dirname, outputs(pid)) if at in logs), None
        )
        if ref:
            yield pid, ref


def _marks(uuid: str, ref: Ref) -> frozenset[bytes]:
    return frozenset(os.fsencode(f"{name}={value}") for name, value in mark(uuid, ref).items())


def _descend(
    targets: Sequence[Target], table: Mapping[int, Process], owner: dict[int, Ref]
) -> None:
    """Add to ``owner`` all that descend from a member or a shim."""
    children: dict[int, list[int]] = defaultdict(list)
    for pid, each in table.items():
        children[each.parent].append(pid)
    roots = list(owner.items())
    for target in targets:
        shim = table.get(target.shim.pid) if target.shim else None
        if shim and shim.ident == target.shim:
            roots.append((shim.ident.pid, target.ref))
    while roots:
        pid, ref = roots.pop()
        for child in children[pid]:
            if child not in owner:
                owner[child] = ref
                roots.append((child, ref))
