"""Tells what the processes of attempts use, and which of them get too little of the machine.

A runner that waits for a core answers nobody in time: its requests run into time-outs, and that looks
as if the provider were slow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from supervisor.core.spent import Spent, more
from supervisor.ports import Ref, Usage

_MEMORY_STEP = 1 << 20
"""Less is noise: what differs is sent anew."""
_WANTED = 0.05
"""Of the time: what wants a core less often waits for something else."""
_STARVED, _STARVED_CORES = 0.5, 0.25
"""It waits half of the time that it wants a core, and that is a quarter of all time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """What the processes of one attempt use."""

    cores: float | None = None
    """None: seen once only."""
    mem_bytes: int = 0
    waits: float | None = None
    """Of the time they wanted a core, the share they waited for one. None: they hardly wanted any."""
    starved: bool = False


class ProcessLoad:
    """Compares each look at the processes of living attempts with the one before."""

    def __init__(self, show: Callable[[Ref, Used], None]) -> None:
        self._show = show
        self._before: Mapping[Ref, Usage] = {}
        self._spent: dict[Ref, Spent] = {}
        self._at = 0.0

    def taken(self, usage: Mapping[Ref, Usage], now: float) -> None:
        """Show what each attempt uses; those that are over are forgotten."""
        span_s, before = now - self._at, self._before
        self._before, self._at = dict(usage), now
        for ref, used in usage.items():
            self._spent[ref] = more(self._spent.get(ref), used.cpu_s, used.rss_bytes)
            self._show(ref, load(before.get(ref), used, span_s))

    def spent(self, ref: Ref) -> Spent | None:
        """Return what an attempt that is over used, and forget it; None: it was never looked at."""
        return self._spent.pop(ref, None)


def load(before: Usage | None, now: Usage, span_s: float) -> Used:
    """Return what the processes of an attempt used between two looks, ``span_s`` seconds apart."""
    mem_bytes = now.rss_bytes // _MEMORY_STEP * _MEMORY_STEP
    # Fewer seconds than before: processes came and went, and what they used went with them.
    if before is None or span_s <= 0 or now.cpu_s < before.cpu_s:
        return Used(mem_bytes=mem_bytes)
    cores = (now.cpu_s - before.cpu_s) / span_s
    waiting = _waiting(before, now, span_s)
    wanted = cores + (waiting or 0.0)
    waits = None if waiting is None or wanted < _WANTED else waiting / wanted
    return Used(
        cores=round(cores, 2),
        mem_bytes=mem_bytes,
        waits=None if waits is None else round(waits, 2),
        starved=waits is not None and waits >= _STARVED and (waiting or 0.0) >= _STARVED_CORES,
    )


def _waiting(before: Usage, now: Usage, span_s: float) -> float | None:
    """Return how many cores more they would have used; None where the kernel does not say."""
    if before.waited_s is None or now.waited_s is None or now.waited_s < before.waited_s:
        return None
    return (now.waited_s - before.waited_s) / span_s
