"""One worker process of a pool, as its pool sees it; it shares nothing with the other workers."""

import os
import pickle
import signal
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from typing import Any

from supervisor.kit.pool_frames import GIVEN, READY, RETURNED, Frame, Frames, write_frame
from supervisor.kit.pool_worker import Given, work

GRACE_S = 2.0
"""Between asking a worker to end and insisting."""


class Slot:
    """A worker process and the items that it was given."""

    def __init__(self, context: BaseContext) -> None:
        reader, self._tasks = context.Pipe(duplex=False)
        self._results, writer = context.Pipe(duplex=False)
        os.set_blocking(self._results.fileno(), False)
        self._frames = Frames(self._results.fileno())
        self._process = _started(context, reader, writer)
        # The worker's ends are its own: once it is dead, nobody has them.
        reader.close()
        writer.close()
        self.left: deque[int] = deque()
        """Items it was given that have not ended; it is at work at the first."""
        self.began_at = 0.0
        """When it began that item, by ``time.monotonic``."""
        self.is_ready = False
        self.is_idle = False
        self.ends_at: float | None = None
        """It was told to end; from then on it is killed."""
        self.timed_out: int | None = None
        """The item for which it was told to end."""

    @property
    def fds(self) -> tuple[int, int]:
        """Return what to watch: its results, and its end."""
        return self._results.fileno(), self._process.sentinel

    def give(self, function: bytes, budget_s: float, items: list[tuple[int, bytes]]) -> None:
        """Hand out items. Whether it lives to read them is told by its end."""
        self.left.extend(index for index, _ in items)
        self.is_idle = False
        self.began_at = time.monotonic()
        payload = pickle.dumps(tuple(Given(function, budget_s, items)), pickle.HIGHEST_PROTOCOL)
        with suppress(BrokenPipeError):
            write_frame(self._tasks.fileno(), Frame(GIVEN, payload=payload))

    def read(self) -> Iterator[Frame]:
        """Yield the ends of items that are known now."""
        for frame in self._frames.read():
            if frame.kind == READY:
                self.is_ready = self.is_idle = True
            elif frame.kind == RETURNED:
                self.is_idle = True
            else:
                self.left.popleft()
                self.began_at = time.monotonic()
                yield frame

    def end(self) -> None:
        """Ask the worker, and what its item started, to end."""
        self.ends_at = time.monotonic() + GRACE_S
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        """End the worker and what its item started, now."""
        self._signal(signal.SIGKILL)

    def exit_code(self) -> int | None:
        """Wait for a worker that has ended or was killed; return its exit code, negative a signal.

        What its item started and left behind is ended with it.
        """
        self._process.join(10)
        code = self._process.exitcode
        self._signal(signal.SIGKILL)
        return code

    def close(self) -> None:
        """Let the worker go: it ends, at once if it is at work, as its pipe does."""
        self._tasks.close()
        self._results.close()

    def release(self) -> None:
        """Wait until a worker that was let go has ended."""
        self._process.join(GRACE_S)
        if self._process.is_alive():
            self.kill()
            self._process.join(10)
        self._process.close()

    def _signal(self, number: int) -> None:
        pid = self._process.pid
        if pid is None:
            return
        # Before it said that it is ready it may have no group of its own yet.
        with suppress(ProcessLookupError, PermissionError):
            if self.is_ready:
                os.killpg(pid, number)
            elif self._process.exitcode is None:
                os.kill(pid, number)


def _started(context: BaseContext, tasks: Connection, results: Connection) -> BaseProcess:
    make: Any = context
    process: BaseProcess = make.Process(
        target=work, args=(tasks, results), name="overnight-worker", daemon=False
    )
    process.start()
    return process
