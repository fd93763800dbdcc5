"""The inside of a worker process: whatever an item does, what comes out is a message about it."""

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, NamedTuple

from supervisor.kit.faults import told
from supervisor.kit.pool_frames import (
    DONE,
    FAILED,
    READY,
    RETURNED,
    UNPICKLABLE,
    Frame,
    read_frame,
    write_frame,
)


class Given(NamedTuple):
    """What a worker is given: a function, items, and for how long it may begin another of them."""

    function: bytes
    budget_s: float
    items: list[tuple[int, bytes]]


class Fault(NamedTuple):
    """Why there is no value."""

    text: str
    trace: str = ""
    exit_code: int | None = None


def work(tasks: Connection, results: Connection) -> None:
    """Work at what comes until nothing more does; the whole life of a worker."""
    # A group of its own: the terminal's Ctrl+C is the pool's to deal with, and what an item
    # started is ended with its worker.
    os.setpgid(0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    given: SimpleQueue[Frame | None] = SimpleQueue()
    worker = _Worker(results.fileno())
    threading.Thread(
        target=_listen, args=(tasks.fileno(), given, worker), name="tasks", daemon=True
    ).start()
    # The pool may have let go of it, before it began or while it worked.
    with suppress(BrokenPipeError):
        write_frame(results.fileno(), Frame(READY))
        while (frame := given.get()) is not None:
            worker.do(Given(*pickle.loads(frame.payload)))


class _Worker:
    def __init__(self, results: int) -> None:
        self._results = results
        self._source = b""
        self._function: Callable[[Any], Any] | None = None
        self.busy = False

    def do(self, given: Given) -> None:
        """Work at items until one fails or the time is over; whoever gave them gets back the rest."""
        began = time.monotonic()
        for index, data in given.items:
            frame = self._outcome(given.function, index, data)
            write_frame(self._results, frame)
            if frame.kind != DONE or time.monotonic() - began > given.budget_s:
                break
        write_frame(self._results, Frame(RETURNED))
        self.busy = False

    def _outcome(self, source: bytes, index: int, data: bytes) -> Frame:
        began = time.monotonic()
        try:
            value = self._loaded(source)(pickle.loads(data))
        except BaseException as error:  # noqa: BLE001 - an exit or an interrupt ends the item only
            fault = _fault(error)
            return Frame(FAILED, index, time.monotonic() - began, pickle.dumps(tuple(fault)))
        seconds = time.monotonic() - began
        try:
            return Frame(DONE, index, seconds, pickle.dumps(value, pickle.HIGHEST_PROTOCOL))
        except Exception as error:  # noqa: BLE001 - pickling runs whatever the value defines
            text = f"a {type(value).__name__} cannot leave its process: {told(error)[0]}"
            return Frame(UNPICKLABLE, index, seconds, pickle.dumps(tuple(Fault(text))))

    def _loaded(self, source: bytes) -> Callable[[Any], Any]:
        known = self._function
        if known is None or source != self._source:
            known = self._function = pickle.loads(source)
            self._source = source
        return known


def _fault(error: BaseException) -> Fault:
    text, trace = told(error)
    if not isinstance(error, SystemExit):
        return Fault(text, trace)
    code = error.code if isinstance(error.code, int) else int(error.code is not None)
    return Fault(f"sys.exit({error.code!r})", trace, code)


def _listen(tasks: int, given: "SimpleQueue[Frame | None]", worker: _Worker) -> None:
    """Pass on what comes. When the pool is gone nobody wants the item at work: end it."""
    while (frame := read_frame(tasks)) is not None:
        worker.busy = True
        given.put(frame)
    if worker.busy:
        os.killpg(0, signal.SIGKILL)
    given.put(None)
