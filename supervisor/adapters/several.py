"""Several backends as one: each attempt goes to the one that its task asks for, and stays there."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

from supervisor.adapters.works import Works
from supervisor.ports import Backend, Ref, Report, Traits, Try, Usage


class SeveralBackends:
    """Local processes and containers of one batch.

    ``containers`` makes the backend of the latter at the first need of it, ``at_once`` at the start.
    ``launched_as`` tells from what lies in an attempt's directory what it was launched as before: a
    container (True), a process (False), or not at all (None). That decides, not what its task says now.
    """

    def __init__(
        self,
        local: Backend,
        containers: Callable[[], Backend],
        *,
        launched_as: Callable[[Path], bool | None],
        at_once: bool = False,
    ) -> None:
        self._local = local
        self._make = containers
        self._made: Backend | None = None
        self._at_once = at_once
        # Unbounded as theirs are: an attempt puts in its beginning, its end, and rare doubts.
        self._news: asyncio.Queue[Report | BaseException] = asyncio.Queue()
        self._works = Works(self._news.put_nowait)
        self._reads = False
        self._launched_as = launched_as
        self._in_containers: set[Ref] = set()

    @property
    def traits(self) -> Traits:
        """What all of them can do."""
        each = [one.traits for one in self._all()]
        return Traits(
            name="+".join(one.name for one in each),
            freezes=all(one.freezes for one in each),
            survives_engine=all(one.survives_engine for one in each),
        )

    def directory(self, ref: Ref) -> Path:
        """Where the attempt's files lie; the same place for all."""
        return self._local.directory(ref)

    async def submit(self, tries: Sequence[Try]) -> None:
        """Launch each where its task wants it; what was launched elsewhere before is taken over there."""
        known = {one.ref: self._launched_as(self.directory(one.ref)) for one in tries}
        inside = {
            one.ref: one.container is not None if known[one.ref] is None else known[one.ref]
            for one in tries
        }
        self._in_containers |= {ref for ref, container in inside.items() if container}
        moved = [one.ref for one in tries if inside[one.ref] != (one.container is not None)]
        await self.adopt(moved)
        kept = {one.ref: one for one in tries if one.ref not in moved}
        for backend, some in self._split(list(kept)):
            await backend.submit([kept[ref] for ref in some])

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over each where an earlier engine launched it."""
        self._in_containers |= {ref for ref in refs if self._launched_as(self.directory(ref))}
        for backend, some in self._split(refs):
            await backend.adopt(some)

    async def reports(self) -> AsyncGenerator[Report, None]:
        """Yield news of all as they happen."""
        self._reads = True
        self._works.start("local", self._read(self._local))
        if self._at_once or self._made is not None:
            self._works.start("containers", self._read(self._containers))
        while True:
            news = await self._news.get()
            if isinstance(news, BaseException):
                raise news
            yield news

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        """End attempts, both kinds at the same time."""
        async with asyncio.TaskGroup() as group:
            for backend, some in self._split(refs):
                group.create_task(backend.stop(some, grace_s), name="stop")

    async def freeze(self, refs: Sequence[Ref]) -> None:
        """Freeze attempts, both kinds at the same time."""
        async with asyncio.TaskGroup() as group:
            for backend, some in self._split(refs):
                group.create_task(backend.freeze(some), name="freeze")

    async def thaw(self, refs: Sequence[Ref]) -> None:
        """Let frozen attempts run on, both kinds at the same time."""
        async with asyncio.TaskGroup() as group:
            for backend, some in self._split(refs):
                group.create_task(backend.thaw(some), name="thaw")

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        """What each still running attempt uses."""
        found: dict[Ref, Usage] = {}
        for backend, some in self._split(refs):
            found.update(await backend.usage(some))
        return found

    def forget(self, refs: Sequence[Ref]) -> None:
        """Drop what is kept in memory about ended attempts."""
        for backend, some in self._split(refs):
            backend.forget(some)
        self._in_containers -= set(refs)

    async def finish(self) -> None:
        """Tidy up after ended attempts."""
        for backend in self._all():
            await backend.finish()

    def close(self) -> None:
        """Watch no longer."""
        self._works.close()
        for backend in self._all():
            backend.close()

    @property
    def _containers(self) -> Backend:
        if self._made is None:
            self._made = self._make()
            if self._reads:
                self._works.start("containers", self._read(self._made))
        return self._made

    async def _read(self, backend: Backend) -> None:
        async with aclosing(backend.reports()) as reports:
            async for report in reports:
                self._news.put_nowait(report)

    def _all(self) -> list[Backend]:
        return [self._local] if self._made is None else [self._local, self._made]

    def _split(self, refs: Sequence[Ref]) -> list[tuple[Backend, list[Ref]]]:
        """Return which backend has which of ``refs``; one that has none is left out."""
        outside = [ref for ref in refs if ref not in self._in_containers]
        inside = [ref for ref in refs if ref in self._in_containers]
        found: list[tuple[Backend, list[Ref]]] = [(self._local, outside)] if outside else []
        return [*found, (self._containers, inside)] if inside else found
