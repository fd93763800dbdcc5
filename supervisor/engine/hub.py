"""Tells readers what changed, at whatever pace each can take."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Set
from dataclasses import dataclass, field, replace

from supervisor.core import picture
from supervisor.core.board import Board, Change, Edited, Head, NeedsYou, TaskRow, UnderWay
from supervisor.core.containers import ContainerRow, ContainersNow
from supervisor.core.models import TaskId
from supervisor.core.needs_you import need_of_edit
from supervisor.core.state import Batch
from supervisor.core.told import Told
from supervisor.engine.process_load import Used
from supervisor.engine.sayings import Sayings
from supervisor.engine.shown import Shown
from supervisor.ports import Ref

_PACE_S = 0.25


class Hub:
    """Keeps the newest batch. A reader costs one set of ids, however slow it is.

    Rows are made when a reader takes them: without readers, news costs nothing.
    """

    def __init__(
        self,
        batch: Batch,
        now: Callable[[], float],
        *,
        on_left: Callable[[], None] = lambda: None,
        pace_s: float = _PACE_S,
    ) -> None:
        self._batch = batch
        self._now = now
        self._on_left = on_left
        self._pace_s = pace_s
        self._seq = batch.desk.seq
        self._banners: dict[str, NeedsYou] = {}
        self._under_way: dict[str, UnderWay] = {}
        self._edited: Edited | None = None
        self._sayings = Sayings()
        self._shown = Shown()
        self._readers: set[_Reader] = set()
        self._closed = False
        self.left_at = now()
        """When the last reader left."""

    @property
    def readers(self) -> int:
        """How many follow the changes now."""
        return len(self._readers)

    def publish(self, batch: Batch, changed: Set[TaskId], *, whole: bool = False) -> None:
        """Make ``batch`` current; ``changed`` are the tasks that differ. Never waits.

        ``whole`` shows every reader everything anew: tasks came, went or changed their order.
        """
        self._batch = batch
        self._seq += 1
        for reader in self._readers:
            reader.mark(changed, whole=whole)

    def banner(self, key: str, text: str | None, command: str = "") -> None:
        """Show trouble of the engine itself, which no event of the batch tells; None: it is over."""
        if text is None:
            if self._banners.pop(key, None) is None:
                return
        else:
            before = self._banners.get(key)
            since = self._now() if before is None else before.since
            now = NeedsYou(what=key, since=since, why=text, command=command)
            if now == before:
                return
            self._banners[key] = now
        self.publish(self._batch, frozenset())

    def under_way(self, key: str, text: str | None) -> None:
        """Show how far something has come that attempts wait for; None: it is over."""
        if text is not None:
            known = self._under_way.get(key)
            since = self._now() if known is None else known.since
            self._under_way[key] = UnderWay(what=key, since=since, text=text)
        elif self._under_way.pop(key, None) is None:
            return
        self.publish(self._batch, frozenset())

    def edited(self, edited: Edited | None) -> None:
        """Show that the batch file was edited; None: it says what the batch that runs says."""
        self._edited = edited
        self.publish(self._batch, frozenset())

    def progress(self, ref: Ref, done: int, total: int) -> None:
        """Show how far an attempt says it is, until it says something else or another one runs."""
        if self._sayings.progress(ref, done, total, self._now()):
            self.publish(self._batch, frozenset({ref.task}))

    def told(self, ref: Ref, told: Told) -> None:
        """Show what an attempt says of itself, in the same way."""
        if self._sayings.told(ref, told):
            self.publish(self._batch, frozenset({ref.task}))

    def told_by(self, task: TaskId) -> Told | None:
        """Return what the living attempt of a task says of itself; None: nothing."""
        return self._sayings.of(task, self._batch.tasks[task].attempt)

    def containers(self, rows: Mapping[str, ContainerRow], now: ContainersNow) -> None:
        """Show what the containers of the batch do, all of them by id, and their machine."""
        changed, tasks, differs = self._shown.containers(rows, now)
        for reader in self._readers if changed else ():
            reader.mark_containers(changed)
        if differs:
            self.publish(self._batch, tasks)

    def used(self, ref: Ref, load: Used) -> None:
        """Show what the processes of an attempt use."""
        if self._shown.used(ref, load):
            self.publish(self._batch, frozenset({ref.task}))

    def board(self) -> Board:
        """Return the whole picture now."""
        board = picture.board(self._batch, self._now(), self._sayings.paces)
        rows = board.tasks
        known = (self._sayings.tasks() | self._shown.tasks()) & rows.keys()
        tasks = {**rows, **{task: self._with_readings(rows[task]) for task in known}}
        return replace(
            board,
            seq=self._seq,
            connected=True,
            head=self._with_banners(board.head),
            tasks=tasks,
            containers=self._shown.rows,
        )

    async def changes(self) -> AsyncGenerator[Change, None]:
        """See ``EngineApi.changes``."""
        reader = _Reader()
        self._readers.add(reader)
        try:
            yield self._whole()
            while not self._closed or reader.marked:
                if not self._closed:
                    await asyncio.sleep(self._pace_s)
                news = await reader.take()
                if news is not None:
                    yield self._whole() if news.whole else self._change(news)
        finally:
            self._readers.discard(reader)
            self.left_at = self._now()
            self._on_left()

    def close(self) -> None:
        """Let every reader have the last change and end."""
        self._closed = True
        for reader in self._readers:
            reader.end()

    def _whole(self) -> Change:
        board = self.board()
        return Change(
            seq=board.seq,
            whole=True,
            head=board.head,
            tasks=tuple(board.tasks.values()),
            containers=tuple(board.containers.values()),
        )

    def _change(self, news: "_News") -> Change:
        now, rows = self._now(), self._shown.rows
        return Change(
            seq=self._seq,
            whole=False,
            head=self._with_banners(picture.head(self._batch, now, self._sayings.paces)),
            tasks=tuple(
                self._with_readings(picture.task_row(self._batch, task, now)) for task in news.ids
            ),
            containers=tuple(rows[id_] for id_ in news.containers if id_ in rows),
            gone=tuple(id_ for id_ in news.containers if id_ not in rows),
        )

    def _with_readings(self, row: TaskRow) -> TaskRow:
        return self._sayings.row(self._shown.task(row))

    def _with_banners(self, head: Head) -> Head:
        head = replace(self._shown.head(head), under_way=tuple(self._under_way.values()))
        if not self._banners and self._edited is None:
            return head
        edit = () if self._edited is None else (need_of_edit(self._edited),)
        needs = (*self._banners.values(), *edit, *head.needs_you)
        return replace(head, needs_you=needs, edited=self._edited)


@dataclass(slots=True)
class _News:
    """What one reader has not seen yet."""

    ids: set[TaskId] = field(default_factory=set[TaskId])
    whole: bool = False
    containers: set[str] = field(default_factory=set[str])


class _Reader:
    """Gathers news until its reader takes them."""

    def __init__(self) -> None:
        self._unseen: _News | None = None
        self._wake = asyncio.Event()

    @property
    def marked(self) -> bool:
        return self._unseen is not None

    def mark(self, ids: Set[TaskId], *, whole: bool) -> None:
        if self._unseen is None:
            self._unseen = _News()
        self._unseen.ids |= ids
        self._unseen.whole |= whole
        self._wake.set()

    def mark_containers(self, ids: Set[str]) -> None:
        if self._unseen is None:
            self._unseen = _News()
        self._unseen.containers |= ids
        self._wake.set()

    def end(self) -> None:
        self._wake.set()

    async def take(self) -> _News | None:
        """Wait for news; None: there is none, the hub only closed."""
        await self._wake.wait()
        self._wake.clear()
        unseen, self._unseen = self._unseen, None
        return unseen
