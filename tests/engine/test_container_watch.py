"""What is shown and told of containers, and what happens when their engine does not answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from supervisor.core.container_rules import ContainerRules
from supervisor.core.containers import (
    ContainerRow,
    ContainersNow,
    Sentinels,
)
from supervisor.core.events import ContainersSeen, Event, ReachChanged, Started
from supervisor.core.models import LimitId, LimitSpec, TaskId
from supervisor.core.state import fresh
from supervisor.core.wish import DOCKER
from supervisor.engine.container_watch import ContainerWatch
from supervisor.engine.lives import Lives
from supervisor.ports import Daemon
from tests.engine.batches import spec_of
from tests.fakes.containers import AT_WORK, FakeContainers
from tests.fakes.night import after
from tests.fakes.witness import FakeWitness
from tests.support import ManualClock, until

A = TaskId("g/a")
RULES = ContainerRules(name=("agentrun--*",))


class Night:
    """A watch over containers that exist in memory, and whatever it shows and tells."""

    def __init__(
        self,
        *tasks: str,
        rules: ContainerRules | None = RULES,
        limits: tuple[LimitId, ...] = (),
    ) -> None:
        spec = spec_of(*tasks or ("g/a",))
        spec = replace(
            spec,
            limits=(*spec.limits, *(LimitSpec(name=name) for name in limits)),
            tasks=tuple(replace(one, limits=(*one.limits, *limits)) for one in spec.tasks),
        )
        groups = tuple(replace(group, containers=rules) for group in spec.groups)
        self.clock = ManualClock()
        self.start = self.clock.now()
        self.batch = fresh(replace(spec, groups=groups), "u", self.start)
        self.there = FakeContainers(at=self.start)
        self.witness = FakeWitness()
        self.rows: Mapping[str, ContainerRow] = {}
        self.shown: list[ContainersNow] = []
        self.told: list[Event] = []
        self.banners: dict[str, str | None] = {}
        self.watch = ContainerWatch(
            lambda: self.there,
            lives=Lives(lambda: self.batch, {}),
            clock=self.clock,
            batch=lambda: self.batch,
            submit=self.submit,
            show=self.show,
            banner=lambda key, text, _command: self.banners.update({key: text}),
            witness=lambda: self.witness,
        )

    async def submit(self, event: Event) -> None:
        self.told.append(event)

    def show(self, rows: Mapping[str, ContainerRow], now: ContainersNow) -> None:
        self.rows = rows
        self.shown.append(now)

    def begin(self, task: TaskId = A) -> None:
        now = self.clock.now()
        self.batch = after(self.batch, (Started(task=task, attempt=1, started_at=now), now))

    def reach(self, task: TaskId, reason: str | None) -> None:
        event = ReachChanged(task=task, attempt=1, reason=reason)
        self.batch = after(self.batch, (event, self.clock.now()))

    async def look(self) -> None:
        await self.watch.look(self.there)

    async def sweep(self, span_s: float = 3.0, times: int = 1) -> None:
        for _ in range(times):
            self.clock.advance(span_s)
            self.there.at = self.clock.now()
            await self.watch.sweep(self.there)

    def states(self) -> dict[str, str]:
        return {row.name: row.state for row in self.rows.values()}


async def test_what_an_attempt_made_is_shown_under_its_task() -> None:
    night = Night()
    night.begin()
    busy = night.there.add("agentrun--1", cores=0.2)
    night.there.made[busy].signals = AT_WORK
    night.there.add("agentrun--2")
    night.there.add("postgres")
    await night.look()
    await night.sweep(times=3)
    assert night.states() == {"agentrun--1": "busy", "agentrun--2": "idle"}
    row = night.rows[busy]
    assert (row.task, row.group, row.owned, row.cpu_percent) == (A, "g", True, 2.5)
    (event,) = night.told
    assert isinstance(event, ContainersSeen)
    (task,) = event.now.tasks
    assert (task.task, task.owned, task.counts.busy, task.counts.idle) == (A, 2, 1, 1)


async def test_the_engine_s_silence_says_nothing_about_containers() -> None:
    night = Night()
    night.begin()
    night.there.add("agentrun--1", cores=0.3)
    await night.look()
    await night.sweep(times=3)
    night.there.silent = "cannot reach the container engine"
    await night.look()
    await night.sweep()
    assert night.states() == {"agentrun--1": "busy"}, "the kernel goes on counting"
    assert night.banners == {"containers": "cannot reach the container engine"}
    assert night.shown[-1].trouble == "cannot reach the container engine"
    night.there.silent = ""
    await night.look()
    await night.sweep()
    assert night.banners == {"containers": None}
    assert night.shown[-1].trouble is None


async def test_the_engine_s_silence_is_told_once() -> None:
    night = Night(limits=(DOCKER,))
    night.begin()
    night.there.silent = "no answer"
    await night.look()
    assert night.banners == {"containers": "no answer"}, "nobody else says so yet"
    night.reach(A, "no answer")
    await night.sweep()
    assert night.banners == {"containers": None}, "the task that runs in one says so now"
    await night.look()
    assert night.banners == {"containers": None}
    night.reach(A, None)
    await night.sweep()
    assert night.banners == {"containers": "no answer"}


async def test_signs_are_read_of_those_that_seem_to_sleep() -> None:
    night = Night(rules=replace(RULES, sentinels=Sentinels(error_files=("/e",))))
    night.begin()
    busy, idle = night.there.add("agentrun--1", cores=0.5), night.there.add("agentrun--2")
    await night.look()
    await night.sweep(times=6)
    first, *later = night.there.asked
    assert first[busy].error_files == ("/e",)
    assert {id_ for asked in later for id_ in asked} == {idle}
    assert len(later) == 1, "every 15 s, not at every sweep"


async def test_signs_that_are_not_to_be_had_keep_nobody(caplog: pytest.LogCaptureFixture) -> None:
    night = Night()
    night.begin()
    night.there.add("agentrun--1")
    other = night.there.add("agentrun--2")
    await night.look()
    await night.sweep(times=3)
    night.there.mute = True
    night.there.made[other].cores = 0.5
    await night.sweep(times=6)
    assert night.states() == {"agentrun--1": "idle", "agentrun--2": "busy"}
    assert caplog.text.count("not to be had") == 1, "tried again after 15 s"


async def test_the_core_hears_of_flips_twice_a_minute() -> None:
    night = Night()
    night.begin()
    one = night.there.add("agentrun--1", cores=0.5)
    await night.look()
    await night.sweep(times=3)
    assert len(night.told) == 1
    night.there.made[one].cores = 0.0
    await night.sweep(times=8)
    assert len(night.told) == 1
    await night.sweep(times=2)
    assert len(night.told) == 2
    del night.there.made[one]
    await night.look()
    await night.sweep(times=10)
    assert night.rows == {}
    assert len(night.told) == 3, "that there are none left is news"
    await night.sweep(times=40)
    assert len(night.told) == 3


async def test_the_machine_and_the_engine_are_measured_too() -> None:
    night = Night()
    night.there.daemon = Daemon(endpoint="x", cores=8, local=True, cpu_s=10.0, host_cpu_s=100.0)
    await night.look()
    night.there.at += 10
    night.there.daemon = replace(night.there.daemon, cpu_s=14.0, host_cpu_s=120.0)
    await night.look()
    await night.sweep()
    now = night.shown[-1]
    assert (now.host_cores, now.daemon_busy, now.host_busy) == (8, 0.4, 2.0)


async def test_it_runs_only_where_something_is_to_be_seen() -> None:
    idle = Night(rules=None)
    idle.begin()
    idle.there.add("agentrun--1")
    running = asyncio.create_task(idle.watch.run())
    for _ in range(10):
        idle.clock.advance(15.0)
        await asyncio.sleep(0)
    assert idle.watch.containers is None
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    night = Night()
    night.begin()
    night.there.add("agentrun--1", cores=0.5)
    running = asyncio.create_task(night.watch.run())

    def seen() -> bool:
        night.clock.advance(3.0)
        night.there.at = night.clock.now()
        return night.states() == {"agentrun--1": "busy"}

    await until(seen)
    assert night.witness.ran
    assert night.watch.rows == night.rows
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert night.there.closed


async def test_what_happens_is_looked_at_soon() -> None:
    night = Night()
    night.begin()
    running = asyncio.create_task(night.watch.run())
    await until(lambda: night.witness.ran and night.shown)
    night.there.add("agentrun--1")
    night.witness.happened()
    for _ in range(3):  # less than half of the time to the next look as such
        await asyncio.sleep(0.02)
        night.clock.advance(1.5)
        night.there.at = night.clock.now()
    await until(lambda: night.rows)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_fault_of_one_look_is_not_the_end(caplog: pytest.LogCaptureFixture) -> None:
    night = Night()
    night.begin()
    night.there.add("agentrun--1")
    night.there.made["x"] = None  # type: ignore[assignment]
    running = asyncio.create_task(night.watch.run())
    await until(lambda: "containers could not be listed" in caplog.text)
    del night.there.made["x"]

    def seen() -> bool:
        night.clock.advance(3.0)
        night.there.at = night.clock.now()
        return bool(night.rows)

    await until(seen)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
