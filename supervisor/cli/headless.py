"""Follows a batch with plain lines until it is over; the engine runs whether or not we do."""

import asyncio
import signal
from asyncio import FIRST_COMPLETED, TaskGroup
from collections.abc import Callable, Generator
from contextlib import aclosing, contextmanager, suppress

from supervisor.cli import progress
from supervisor.cli.result import INTERRUPTED, LIMITED, exit_code, words
from supervisor.cli.text import span
from supervisor.core.board import EMPTY, Board, Change, applied
from supervisor.core.intents import Stop
from supervisor.ports import EngineApi

_BEAT_S = 30.0
_TICK_S = 1.0
_OVER = ("done", "stopped")

Now = Callable[[], float]


class Headless:
    """One follower; ``run`` returns the exit code that the batch's end deserves.

    ``watching``: it only looks; an interrupt leaves, and whatever happens is no failure of ours.
    """

    def __init__(
        self,
        engine: EngineApi,
        *,
        who: str,
        now: Now,
        watching: bool = False,
        max_wait_s: float | None = None,
    ) -> None:
        self._engine = engine
        self._watching = watching
        self._who = who
        self._now = now
        self._max_wait_s = max_wait_s
        self._board: Board = EMPTY
        self._idle_since: float | None = None
        self._met: dict[tuple[str, int], str] = {}
        self._interrupted = False
        self._gave_up = False
        self._stop_wanted = asyncio.Event()
        self._leaving = asyncio.Event()

    async def run(self) -> int:
        """Print what happens until the batch is over, we are interrupted twice, or wait too long."""
        with _signals(self.interrupt):
            async with TaskGroup() as group:
                reading = group.create_task(self._read(), name="read changes")
                leaving = group.create_task(self._leaving.wait(), name="leave at once")
                others = [
                    group.create_task(self._beat(), name="heartbeat"),
                    group.create_task(self._stop(), name="stop when wanted"),
                ]
                await asyncio.wait((reading, leaving), return_when=FIRST_COMPLETED)
                for task in (reading, leaving, *others):
                    task.cancel()
        return self._ended()

    def interrupt(self) -> None:
        """Stop the batch resumably; a second time: leave at once, with the engine still stopping."""
        if self._interrupted or self._watching:
            self._leaving.set()
            return
        self._interrupted = True
        say("stopping: what runs is ended and resumes later; once more leaves at once")
        self._stop_wanted.set()

    async def _read(self) -> None:
        async with aclosing(self._engine.changes()) as changes:
            async for change in changes:
                self._take(change)
                if self._board.head.state in _OVER:
                    return

    def _take(self, change: Change) -> None:
        before, self._board = self._board, applied(self._board, change)
        for row in change.tasks:
            if row.error_class and row.phase != "succeeded":
                # A row that runs again still names the class of the end before.
                ended = row.attempt - 1 if row.phase in progress.LIVE else row.attempt
                self._met[row.task, ended] = row.error_class
        # What was over before we came is no news.
        rows = () if change.whole else change.tasks
        if self._watching and change.whole:
            say(progress.heartbeat(self._board, self._now()))
        for line in progress.news(before, self._board, rows, self._now()):
            say(line)
        self._look_at_wait()

    async def _beat(self) -> None:
        """Say every half minute what is waited for; look every second whether that is too long."""
        while True:
            for _ in range(round(_BEAT_S / _TICK_S)):
                await asyncio.sleep(_TICK_S)
                self._look_at_wait()
            say(progress.heartbeat(self._board, self._now()))

    def _look_at_wait(self) -> None:
        """Give up when nothing can run within the longest wait that was allowed."""
        if self._max_wait_s is None or self._gave_up or self._board is EMPTY:
            return
        now = self._now()
        if not _waits(self._board):
            self._idle_since = None
            return
        self._idle_since = now if self._idle_since is None else self._idle_since
        ahead = progress.next_at(self._board)
        last = self._idle_since + self._max_wait_s
        if now >= last or (ahead is not None and ahead > last):
            self._gave_up = True
            say(f"nothing can run within {span(self._max_wait_s)}: stopping; run again to resume")
            self._stop_wanted.set()

    async def _stop(self) -> None:
        await self._stop_wanted.wait()
        answer = await self._engine.submit(Stop(), self._who)
        for message in answer.messages:
            say(message)

    def _ended(self) -> int:
        """Say how it ended and return the exit code."""
        head = self._board.head
        if self._watching and head.state not in _OVER:
            say(f"{head.batch} runs on")
            return 0
        for line in told(self._board, self._met):
            say(line)
        if self._watching:
            return 0
        if self._leaving.is_set():
            return INTERRUPTED
        if self._gave_up and not self._interrupted:
            return LIMITED
        return exit_code(
            head.counts,
            finished=head.state == "done",
            limited=bool(head.limits) or head.time_up,
            interrupted=self._interrupted or (head.state == "stopped" and not head.time_up),
        )


def told(board: Board, met: dict[tuple[str, int], str]) -> list[str]:
    """Return the closing words: how many ended how, and what was met on the way, by class."""
    lines = [f"{board.head.batch}: {words(board.head.counts, progress.failures(board))}"]
    kinds: dict[str, int] = {}
    for kind in met.values():
        kinds[kind] = kinds.get(kind, 0) + 1
    if kinds:
        most_first = sorted(kinds.items(), key=lambda one: (-one[1], one[0]))
        lines.append("met on the way: " + ", ".join(f"{kind} {n}" for kind, n in most_first))
    if board.head.counts.get("failed"):
        lines.append("overnight failed lists them with their causes")
    if board.head.time_up and board.head.state == "stopped":
        lines.append(
            "the time of --until has come; what is left goes on with the next overnight run"
        )
    return lines


def say(line: str) -> None:
    """Print a line at once; a reader that went away does not end the night."""
    with suppress(BrokenPipeError):
        print(line, flush=True)


def _waits(board: Board) -> bool:
    """Return whether nothing runs and nothing could be launched now."""
    counts = board.head.counts
    if progress.runs_something(board.head):
        return False
    return board.head.state == "held" or bool(
        counts.get("backing_off") and not counts.get("waiting")
    )


@contextmanager
def _signals(interrupt: Callable[[], None]) -> Generator[None]:
    """Let INT and TERM call ``interrupt``; ignore HUP: a closed terminal is no wish to stop."""
    loop = asyncio.get_running_loop()
    hup = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # A shell starts background jobs with INT ignored; that is respected.
    wanted = [signal.SIGTERM]
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        wanted.append(signal.SIGINT)
    for number in wanted:
        loop.add_signal_handler(number, interrupt)
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGHUP, hup)
