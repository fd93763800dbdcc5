"""Tells how busy a container engine and its machine are, from what both have used so far."""

from dataclasses import replace

from supervisor.core.containers import ContainersNow
from supervisor.ports import Daemon, Seen


class Load:
    """Compares each look with the one before."""

    def __init__(self) -> None:
        self._daemon: Daemon | None = None
        self._at = 0.0

    def taken(self, seen: Seen, now: ContainersNow) -> ContainersNow:
        """Return ``now`` with what the machine and the engine use since the last look."""
        before, daemon, span_s = self._daemon, seen.daemon, seen.at - self._at
        self._daemon, self._at = daemon, seen.at
        now = replace(now, trouble=None, host_cores=daemon.cores)
        if before is None or span_s <= 0:
            return now
        return replace(
            now,
            host_busy=_rate(daemon.host_cpu_s, before.host_cpu_s, span_s),
            daemon_busy=_rate(daemon.cpu_s, before.cpu_s, span_s),
        )


def _rate(now: float | None, before: float | None, span_s: float) -> float | None:
    """Return cores in use; None where they cannot be seen. An engine started anew counts from 0."""
    if now is None or before is None:
        return None
    return round(max(0.0, now - before) / span_s, 2)
