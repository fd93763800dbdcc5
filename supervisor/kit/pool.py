"""A pool of processes that cannot poison each other: a worker that dies costs the item it was at.

``with ResilientPool(8) as pool: for outcome in pool.each(function, items): …``. Every item ends as a
``PoolOutcome``, whatever it does: raise, exit, crash, hang, or return what no pipe can carry.
"""

import atexit
import multiprocessing
import os
import pickle
import selectors
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from multiprocessing.context import BaseContext
from typing import Any, Self

from supervisor.kit.errors import KitError, LimitWaitError
from supervisor.kit.faults import told
from supervisor.kit.pool_limits import (
    Classify,
    Evidence,
    Pause,
    usual_classify,
    usual_wait,
)
from supervisor.kit.pool_outcome import PoolOutcome, ended
from supervisor.kit.pool_round import Round, Settings
from supervisor.kit.pool_slot import Slot
from supervisor.kit.work import Run

_STILLBORN = 5
"""Workers in a row that exit before they can do anything: it is not chance."""
_KILLED_EARLY = 100
"""The same for workers that were killed, by the kernel or somebody."""


class ResilientPool:
    """Up to ``workers`` processes (default: one for each processor), each with a pipe of its own.

    ``timeout_s`` is for each item: its worker is ended with all that the item started. An item whose
    worker died is tried ``crash_retries`` times more, each time in a fresh worker.

    ``classify`` judges errors, and the words that ``evidence`` finds for an item (see ``Evidence``).
    Where they tell of a rate limit, all workers pause, and go on together when it is over; the item
    is done again. ``wait`` is called for each pause once nothing is at work (default:
    ``wait_for_limit``); ``max_pauses`` in a row with nothing done between are the last. Where they
    tell of a refused login or an empty account, nothing more is begun.

    Workers are started afresh (``forkserver``), so that no lock or GPU of this process is copied: keep
    the call behind ``if __name__ == "__main__":``, or pass another ``context``.
    """

    def __init__(
        self,
        workers: int | None = None,
        *,
        timeout_s: float | None = None,
        crash_retries: int = 3,
        classify: Classify = usual_classify,
        evidence: Evidence | None = None,
        max_pauses: int = 20,
        wait: Callable[[Pause], object] = usual_wait,
        context: BaseContext | None = None,
    ) -> None:
        workers = os.cpu_count() or 1 if workers is None else workers
        if workers < 1 or crash_retries < 0 or (timeout_s is not None and timeout_s <= 0):
            raise ValueError("workers >= 1, crash_retries >= 0, timeout_s > 0 or None")
        self._settings = Settings(workers, timeout_s, crash_retries, classify, evidence, max_pauses)
        self._wait = wait
        self._context = context or multiprocessing.get_context("forkserver")
        self._slots: list[Slot] = []
        self._selector = selectors.DefaultSelector()
        self._stillborn = 0
        self._exit_code: int | None = None
        self._at_work = False
        _open_pools.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End all workers, and what is at work in them."""
        _open_pools.discard(self)
        self._drop_all()
        self._selector.close()

    def run(
        self, function: Callable[[Any], Any], items: Iterable[Any], *, run: Run | None = None
    ) -> list[PoolOutcome]:
        """As ``each``, to the end; the outcomes in the order of the items."""
        return sorted(self.each(function, items, run=run), key=lambda one: one.index)

    def each(
        self, function: Callable[[Any], Any], items: Iterable[Any], *, run: Run | None = None
    ) -> Iterator[PoolOutcome]:
        """Yield what became of each item, as they end; ``run`` has recorded it then.

        Raises:
            KitError: the function cannot be given to a process, or workers cannot begin.
            LimitWaitError: a limit holds on, or waiting does not help; see its text.
        """
        if self._at_work:
            raise KitError("this pool is at work: end that first, or use another one")
        todo = list(items)
        work = Round(todo, _packed(function), self._settings)
        self._at_work = True
        try:
            yield from self._outcomes(work, run)
        finally:
            self._at_work = False
            if work.open:
                self._drop_all()

    def _outcomes(self, work: Round, run: Run | None) -> Iterator[PoolOutcome]:
        while work.open:
            outcomes = _recorded(run, self._feed(work))
            self._staff(work)
            at_work = any(slot.left for slot in self._slots)
            if outcomes:
                pass
            elif not at_work and work.refused is not None:
                raise LimitWaitError(f"waiting does not help: {work.refused}")
            elif not at_work and (pause := work.pause) is not None:
                self._wait(pause)
                work.resume()
            else:
                # Recorded before more is begun: a kill costs each worker one item.
                outcomes = _recorded(run, self._look(work))
                # Whoever listens may take long: nobody is idle meanwhile.
                outcomes += _recorded(run, self._feed(work))
            yield from outcomes

    def _feed(self, work: Round) -> Iterator[PoolOutcome]:
        for slot in self._slots:
            yield from work.feed(slot)

    def _staff(self, work: Round) -> None:
        """Start the workers that are missing, one for each item left at most."""
        exited = (self._exit_code or 0) >= 0
        if self._stillborn >= (_STILLBORN if exited else _KILLED_EARLY):
            self._stillborn = 0
            raise KitError(
                f"workers cannot begin ({ended(self._exit_code)[0]}): keep the call behind"
                ' `if __name__ == "__main__":`, and see stderr'
            )
        while work.has_work and len(self._slots) < min(self._settings.workers, work.open):
            slot = Slot(self._context)
            self._slots.append(slot)
            for descriptor in slot.fds:
                self._selector.register(descriptor, selectors.EVENT_READ, slot)

    def _look(self, work: Round) -> Iterator[PoolOutcome]:
        """Wait until something happens, and take it in."""
        events = self._selector.select(self._patience_s())
        for slot in {id(key.data): key.data for key, _ in events}.values():
            results, end = slot.fds
            happened = {key.fd for key, _ in events if key.data is slot}
            if end in happened:
                yield from self._bury(work, slot)
            elif results in happened:
                yield from work.take(slot)
        self._check_time()

    def _bury(self, work: Round, slot: Slot) -> Iterator[PoolOutcome]:
        self._exit_code = slot.exit_code()
        self._remove(slot)
        yield from work.bury(slot, self._exit_code)
        self._stillborn = 0 if slot.is_ready else self._stillborn + 1
        slot.close()
        slot.release()

    def _remove(self, slot: Slot) -> None:
        self._slots.remove(slot)
        for descriptor in slot.fds:
            self._selector.unregister(descriptor)

    def _patience_s(self) -> float | None:
        """Return the seconds until somebody must be ended; None: nobody."""
        limit_s = self._settings.timeout_s
        due = [slot.ends_at for slot in self._slots if slot.ends_at is not None]
        if limit_s is not None:
            due += [slot.began_at + limit_s for slot in self._slots if slot.left]
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _check_time(self) -> None:
        now, limit_s = time.monotonic(), self._settings.timeout_s
        for slot in self._slots:
            if slot.ends_at is not None:
                if now >= slot.ends_at:
                    slot.kill()
                    slot.ends_at = now + 1.0
            elif limit_s is not None and slot.left and now >= slot.began_at + limit_s:
                slot.timed_out = slot.left[0]
                slot.end()

    def _drop_all(self) -> None:
        """End all workers: nobody listens any more to what is at work, or under way."""
        slots = list(self._slots)
        for slot in slots:
            self._remove(slot)
            slot.close()
        for slot in slots:
            slot.release()


# At exit this module waits for all processes. What is registered after its own hook runs before it:
# else a pool that nobody closed would be waited for for ever.
import_module("multiprocessing.util")
_open_pools: "weakref.WeakSet[ResilientPool]" = weakref.WeakSet()


@atexit.register
def _close_pools() -> None:
    for pool in list(_open_pools):
        pool.close()


def _packed(function: Callable[[Any], Any]) -> bytes:
    try:
        return pickle.dumps(function, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise KitError(
            f"{function!r} cannot be given to a process: define it at the top of a module"
            f" ({told(error)[0]})"
        ) from error


def _recorded(run: Run | None, outcomes: Iterable[PoolOutcome]) -> list[PoolOutcome]:
    found = list(outcomes)
    if run is None:
        return found
    for one in found:
        if one.ok:
            run.done(one.item, one.value)
        else:
            run.failed(one.item, one.error, error_class=one.error_class)
    return found
