"""Runs attempts as containers that outlive the engine, and the container engine's own troubles."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from pathlib import Path

from supervisor.adapters.clock import wall_now
from supervisor.adapters.docker.attempt import Attempt
from supervisor.adapters.docker.client import Docker
from supervisor.adapters.docker.copying import Copying
from supervisor.adapters.docker.events import hear
from supervisor.adapters.docker.images import Images
from supervisor.adapters.docker.life import Life
from supervisor.adapters.docker.making import Maker
from supervisor.adapters.docker.measuring import Measuring
from supervisor.adapters.docker.ordering import Ordering
from supervisor.adapters.docker.reach import Reach
from supervisor.adapters.docker.tidying import Tidying
from supervisor.adapters.works import Works
from supervisor.core.container_names import container_name
from supervisor.core.places import attempt_dir
from supervisor.ports import Notice, Outage, Ref, Report, Traits, Try, Usage

_FINISH_S = 60.0


class DockerBackend:
    """The attempts of one batch as containers.

    ``settle_s`` is within which time a start is carried out that was asked for, or never is;
    ``unkillable_s`` how long a container may survive KILL; ``ping_s`` how often the engine is asked
    whether it answers and ``ping_limit_s`` how long that may take; ``at_once`` how many containers
    are made or started at a time.
    """

    def __init__(
        self,
        state_dir: str | Path,
        uuid: str,
        docker: Docker,
        *,
        now: Callable[[], float] = wall_now,
        settle_s: float = 5.0,
        unkillable_s: float = 10.0,
        ping_s: float = 5.0,
        ping_limit_s: float = 10.0,
        at_once: int = 8,
    ) -> None:
        self._state_dir = str(state_dir)
        self._uuid = uuid
        self._docker = docker
        self._attempts: dict[Ref, Attempt] = {}
        # Unbounded, but an attempt puts in only its beginning, its end, and rare doubts.
        self._news: asyncio.Queue[Report | BaseException] = asyncio.Queue()
        self._works = Works(self._news.put_nowait)
        self._reach = reach = Reach(
            docker, now=now, changed=self._reach_changed, every_s=ping_s, limit_s=ping_limit_s
        )
        self._copying = Copying(docker, reach, self._works)
        self._ordering = Ordering(docker, reach, self._news.put_nowait, unkillable_s=unkillable_s)
        self._tidying = Tidying(docker, reach, uuid, self.directory)
        self._measuring = Measuring(docker, now)
        self._life = Life(
            maker=Maker(
                docker=docker,
                uuid=uuid,
                images=Images(docker, lambda key, text: self._news.put_nowait(Notice(key, text))),
                reach=reach,
                settle_s=settle_s,
            ),
            reach=reach,
            copying=self._copying,
            tell=self._news.put_nowait,
            now=now,
            at_once=at_once,
            local=lambda: docker.place.socket is not None,
        )

    @property
    def traits(self) -> Traits:
        """What this backend can do."""
        return Traits(name="docker", freezes=True, survives_engine=True)

    def directory(self, ref: Ref) -> Path:
        """Where the attempt's files lie."""
        return Path(attempt_dir(self._state_dir, ref.task, ref.attempt))

    async def submit(self, tries: Sequence[Try]) -> None:
        """Launch what nobody has launched yet; an engine that does not answer makes it wait."""
        for each in tries:
            self._enter(each.ref, each)

    async def adopt(self, refs: Sequence[Ref]) -> None:
        """Take over attempts of an earlier engine."""
        for ref in refs:
            self._enter(ref, None)

    async def reports(self) -> AsyncGenerator[Report, None]:
        """Yield news of all attempts as they happen."""
        self._works.start("reach", self._reach.run())
        self._works.start("events", hear(self._docker, self._reach, self._uuid, self._happened))
        tidy = self._tidying.remove_what_earlier_engines_left()
        self._works.start(("remove", "earlier"), tidy)
        while True:
            news = await self._news.get()
            if isinstance(news, BaseException):
                raise news
            yield news

    async def stop(self, refs: Sequence[Ref], grace_s: float) -> None:
        """End attempts: TERM, then after ``grace_s`` KILL."""
        async with asyncio.TaskGroup() as group:
            for attempt in self._living(refs):
                if not attempt.known.is_set():
                    attempt.stopping = True
                    await self._again(attempt)
                group.create_task(self._ordering.stop(attempt, grace_s), name="stop")

    async def freeze(self, refs: Sequence[Ref]) -> None:
        """Pause these containers."""
        async with asyncio.TaskGroup() as group:
            for attempt in self._living(refs):
                group.create_task(self._ordering.freeze(attempt), name="pause")

    async def thaw(self, refs: Sequence[Ref]) -> None:
        """Let paused containers run on."""
        async with asyncio.TaskGroup() as group:
            for attempt in self._living(refs):
                group.create_task(self._ordering.thaw(attempt), name="unpause")

    async def usage(self, refs: Sequence[Ref]) -> Mapping[Ref, Usage]:
        """What each still running container uses."""
        return await self._measuring.usage([one for one in self._living(refs) if one.announced])

    def forget(self, refs: Sequence[Ref]) -> None:
        """Drop what is kept about ended attempts; their containers are removed now."""
        for ref in refs:
            attempt = self._attempts.get(ref)
            if attempt is not None and attempt.gone.is_set():
                del self._attempts[ref]
                self._measuring.forget(attempt)
                # One whose end an earlier engine wrote down was not looked for: it has its name.
                container = attempt.container or attempt.name
                self._works.start(("remove", ref), self._tidying.remove(container))

    async def finish(self) -> None:
        """Return once the containers of ended attempts are removed, or that takes too long."""
        self.forget(tuple(self._attempts))
        # Without an answer they stay, and the batch's next engine or a sweep removes them.
        if self._reach.reason is None:
            await self._works.join("remove", _FINISH_S)

    def close(self) -> None:
        """Watch no longer; the containers live on and can be adopted."""
        if not self._works.closed:
            self._measuring.close()
            self._works.close(self._docker.close())

    def _enter(self, ref: Ref, plan: Try | None) -> None:
        if ref in self._attempts:
            return
        attempt = self._attempts[ref] = Attempt(
            ref=ref,
            directory=self.directory(ref),
            name=container_name(self._uuid, ref.task, ref.attempt),
            plan=plan,
        )
        self._works.start(("life", ref), self._life.run(attempt))

    async def _again(self, attempt: Attempt) -> None:
        """Have the attempt look anew at what it is about: it may be waiting for a long pull."""
        await self._works.end(("life", attempt.ref))
        self._works.start(("life", attempt.ref), self._life.run(attempt))

    def _living(self, refs: Sequence[Ref]) -> list[Attempt]:
        known = (self._attempts.get(ref) for ref in dict.fromkeys(refs))
        return [one for one in known if one is not None and not one.gone.is_set()]

    def _reach_changed(self, reason: str | None) -> None:
        self._happened("")
        self._news.put_nowait(Outage(reason))

    def _happened(self, container: str) -> None:
        for attempt in self._attempts.values():
            if not container or attempt.container == container:
                attempt.poke.set()
