"""An engine that runs nothing: it shows the board it was given and remembers what was wanted."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from types import MappingProxyType

from supervisor.core.board import Board, Change, Head, TaskRow
from supervisor.core.containers import ContainerRow
from supervisor.core.intents import Intent, KillContainers, Stop
from supervisor.core.machine import MachineSeen, Resources
from supervisor.core.models import Stream, TaskId
from supervisor.core.night import Timeline
from supervisor.core.task_page import TaskPage
from supervisor.ports import (
    Answer,
    Arrival,
    EngineGoneError,
    Hits,
    LogWindow,
    NoSuchContainerError,
    NoSuchTaskError,
)
from supervisor.ports.containers import Described

PHASES = (
    "waiting",
    "starting",
    "running",
    "frozen",
    "unreachable",
    "backing_off",
    "held",
    "succeeded",
    "failed",
    "aborted",
    "cancelled",
)


def row(task: str, phase: str = "waiting", **facts: object) -> TaskRow:
    """Return a row of ``group/id``."""
    return replace(
        TaskRow(task=TaskId(task), group=task.partition("/")[0], phase=phase),
        **facts,  # type: ignore[arg-type]
    )


def board_of(*rows: TaskRow, **head: object) -> Board:
    """Return a board of these rows, whose head counts them."""
    counts = {phase: sum(one.phase == phase for one in rows) for phase in PHASES}
    facts = {"batch": "night", "uuid": "u" * 32, "started_at": 1000.0, "as_of": 1060.0, **head}
    return Board(
        connected=True,
        head=Head(counts=MappingProxyType(counts), **facts),  # type: ignore[arg-type]
        tasks=MappingProxyType({one.task: one for one in rows}),
    )


class FakeEngine:
    """An EngineApi that a test directs."""

    def __init__(self, board: Board | None = None) -> None:
        self.board = board or board_of(row("g/a"))
        self.wanted: list[tuple[Intent, str]] = []
        self.answer = Answer(ok=True, messages=("done",))
        self.reasons: dict[str, tuple[str, ...]] = {}
        self.pages: dict[str, TaskPage] = {}
        self.failures: list[Mapping[str, object]] = []
        self.standings: dict[str, Mapping[str, object]] = {}
        self.logs: dict[tuple[str, int, Stream], bytes] = {}
        self.came: dict[tuple[str, int, Stream], Sequence[Arrival]] = {}
        self.described: dict[str, Described] = {}
        self.left: Mapping[str, object] = {"containers": [], "networks": [], "volumes": []}
        self.asked: list[str] = []
        """Containers that were asked about, each time."""
        self.night = Timeline(
            begin=0, end=60, as_of=60, slices=(), stretches=(), events=(), costs=()
        )
        self.resourced = Resources(machine=MachineSeen(at=1060.0))
        self.slices = 0
        """Into how many the night was last asked to be cut."""
        self.readers = 0
        self.gone = False
        self.ends_on_stop = True
        self._ended = False
        self._news = asyncio.Condition()

    async def show(self, *rows: TaskRow, **head: object) -> None:
        """Change these rows, and fields of the head, for every reader."""
        tasks = {**self.board.tasks, **{one.task: one for one in rows}}
        seq = self.board.seq + 1
        self.board = replace(
            board_of(*tasks.values(), **{**_facts(self.board.head), **head}),
            seq=seq,
            containers=self.board.containers,
        )
        await self._tell()

    async def show_containers(self, *rows: ContainerRow, gone: Sequence[str] = ()) -> None:
        """Change these containers for every reader; those ``gone`` are there no longer."""
        left = {id_: one for id_, one in self.board.containers.items() if id_ not in gone}
        containers = MappingProxyType({**left, **{one.id: one for one in rows}})
        self.board = replace(self.board, seq=self.board.seq + 1, containers=containers)
        await self._tell()

    async def end(self) -> None:
        """End in good order: every reader's changes end."""
        self._ended = True
        await self._tell()

    async def settled(self) -> None:
        """See EngineApi."""
        async with aclosing(self.changes()) as changes:
            async for change in changes:
                if change.head.state in ("done", "stopped"):
                    return

    async def snapshot(self) -> Board:
        """See EngineApi."""
        self._check()
        return self.board

    async def changes(self) -> AsyncGenerator[Change, None]:
        """See EngineApi."""
        self._check()
        self.readers += 1
        try:
            seen = self.board
            yield Change(
                seq=seen.seq,
                whole=True,
                head=seen.head,
                tasks=tuple(seen.tasks.values()),
                containers=tuple(seen.containers.values()),
            )
            while True:
                await self._differs(seen)
                before, seen = seen, self.board
                if before is not seen:
                    changed = [r for t, r in seen.tasks.items() if before.tasks.get(t) != r]
                    had, has = before.containers, seen.containers
                    yield Change(
                        seq=seen.seq,
                        whole=False,
                        head=seen.head,
                        tasks=tuple(changed),
                        containers=tuple(one for id_, one in has.items() if had.get(id_) != one),
                        gone=tuple(id_ for id_ in had if id_ not in has),
                    )
                elif self._ended:
                    return
        finally:
            self.readers -= 1

    async def submit(self, intent: Intent, who: str) -> Answer:
        """See EngineApi."""
        self._check()
        self.wanted.append((intent, who))
        if isinstance(intent, KillContainers):
            await self.show_containers(gone=intent.ids)
        if isinstance(intent, Stop) and self.ends_on_stop:
            await self.show(state="stopped")
            await self.end()
        return self.answer

    async def why(self, task: str) -> tuple[str, ...]:
        """See EngineApi."""
        self._check()
        if task not in self.reasons:
            raise NoSuchTaskError(f"no task {task}")
        return self.reasons[task]

    async def task(self, task: str) -> TaskPage:
        """See EngineApi; of a task without a page, the reasons."""
        if task in self.pages:
            self._check()
            return self.pages[task]
        return TaskPage(task=TaskId(task), as_of=1060.0, standing=await self.why(task))

    async def standing(self, task: str) -> Mapping[str, object]:
        """See EngineApi."""
        self._check()
        if task not in self.standings:
            raise NoSuchTaskError(f"no task {task}")
        return self.standings[task]

    async def failed(self) -> Sequence[Mapping[str, object]]:
        """See EngineApi."""
        self._check()
        return self.failures

    async def report(self) -> str:
        """See EngineApi."""
        self._check()
        return f"# {self.board.head.batch}: überall\n"

    async def search(
        self, task: str, attempt: int | None, stream: Stream, text: str, offset: int, *, regex: bool
    ) -> Hits:
        """See EngineApi; half of the log at a time, so that a reader has to ask again."""
        window = await self.log(task, attempt, stream, 0, 1 << 30)
        if regex and text.startswith("("):
            return Hits(lines=(), until=0, size=0, trouble="no pattern: missing )")
        until = min(window.size, offset + max(1, window.size // 2))
        at, lines = 0, list[int]()
        for line in window.data.splitlines(keepends=True):
            if offset <= at < until and text.encode() in line:
                lines.append(at)
            at += len(line)
        return Hits(lines=tuple(lines), until=until, size=window.size)

    async def arrivals(self, task: str, attempt: int | None, stream: Stream) -> Sequence[Arrival]:
        """See EngineApi."""
        self._check()
        return self.came.get((task, attempt or 1, stream), ())

    async def timeline(self, slices: int) -> Timeline:
        """See EngineApi."""
        self._check()
        self.slices = slices
        return self.night

    async def resources(self) -> Resources:
        """See EngineApi."""
        self._check()
        return self.resourced

    async def log(
        self, task: str, attempt: int | None, stream: Stream, offset: int, size: int
    ) -> LogWindow:
        """See EngineApi."""
        self._check()
        attempts = [number for name, number, _ in self.logs if name == task]
        number = max(attempts, default=0) if attempt is None else attempt
        if (task, number, stream) not in self.logs:
            raise NoSuchTaskError(f"no attempt {number} of {task}")
        data = self.logs[task, number, stream]
        start = max(0, len(data) + offset) if offset < 0 else offset
        return LogWindow(offset=start, size=len(data), data=data[start : start + size])

    async def describe(self, container: str, lines: int) -> Described:
        """See EngineApi."""
        self._check()
        self.asked.append(container)
        if container not in self.described:
            raise NoSuchContainerError(404, f"No such container: {container}")
        told = self.described[container]
        return replace(told, output="\n".join(told.output.split("\n")[-lines:]))

    async def leftovers(self) -> Mapping[str, object]:
        """See EngineApi."""
        self._check()
        return self.left

    async def _differs(self, seen: Board) -> None:
        async with self._news:
            await self._news.wait_for(lambda: self._ended or self.board is not seen)

    def _check(self) -> None:
        if self.gone:
            raise EngineGoneError("the engine is gone")

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()


def _facts(head: Head) -> dict[str, object]:
    return {name: getattr(head, name) for name in Head.__dataclass_fields__ if name != "counts"}
