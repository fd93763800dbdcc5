"""Our own children that we never started: what attempts left behind, alive or as zombies.

As the reaper of orphaned descendants the engine gets each of them as a child, so that the normal
end, which leaves nothing, costs no more than the list of our children.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field

from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.members import Found
from supervisor.adapters.local.procfs import Ident, Process, children, process

_PATIENCE_S = 5.0
"""A zombie that nobody waited for after this long is nobody's; subprocess watchers are quicker."""


@dataclass(slots=True)
class Orphans:
    """Tells what is left behind, and reaps the dead."""

    launching: Launching
    """Our shims that are not known to run yet."""
    _ours: int = field(default_factory=lambda: os.getsid(0))
    _nobodys: set[Ident] = field(default_factory=set[Ident])
    _strangers: dict[Ident, float] = field(default_factory=dict[Ident, float])
    _zombies: dict[Ident, float] = field(default_factory=dict[Ident, float])

    def left_by(self, ended: Collection[int], running: Collection[int], now: float) -> bool | None:
        """Return whether something may be left of the sessions ``ended``; reap dead orphans.

        Yes, if a process of theirs lives, or one of unknown origin, which only a thorough look can
        explain. None: ask again in a moment, when a shim that is just being started has its name.
        ``running`` are the sessions of attempts that run, ``now`` is monotonic.
        """
        pids = children()
        nameless = self.launching.nameless
        surely = unsure = False
        present: set[Ident] = set()
        for pid in pids:
            each = None if pid in running or pid in self.launching else process(pid)
            if each is None or each.session == self._ours:
                continue
            present.add(each.ident)
            if each.dead:
                self._reap(each, each.session in ended or each.session in running, now)
            elif each.session in ended:
                surely = True
            elif each.session in running or each.ident in self._nobodys:
                continue
            elif nameless and each.ident not in self._strangers:
                unsure = True
            else:
                self._strangers.setdefault(each.ident, now)
        self._nobodys &= present
        self._strangers = {at: since for at, since in self._strangers.items() if at in present}
        self._zombies = {ident: at for ident, at in self._zombies.items() if ident in present}
        return surely or bool(self._strangers) or (None if unsure else False)

    def explained(self, found: Found, since: float) -> None:
        """Take note of a thorough look for all attempts that began at ``since`` (monotonic).

        Orphans seen before it that it could tie to no attempt are nobody's, and cost no more looks.
        """
        members = {each.ident for several in found.values() for each in several}
        looked_at = {ident for ident, at in self._strangers.items() if at <= since}
        self._nobodys |= looked_at - members
        for ident in looked_at:
            del self._strangers[ident]

    def _reap(self, each: Process, certain: bool, now: float) -> None:
        since = self._zombies.setdefault(each.ident, now)
        if certain or now - since > _PATIENCE_S:
            with suppress(ChildProcessError):
                os.waitid(os.P_PID, each.ident.pid, os.WEXITED | os.WNOHANG)
