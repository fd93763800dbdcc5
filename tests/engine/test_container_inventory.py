"""Whose the containers are that are there, and what is known of each from look to look."""

from dataclasses import replace

from supervisor.core.container_rows import by_task
from supervisor.core.container_rules import ContainerRules
from supervisor.core.containers import BATCH_LABEL, TASK_LABEL, ContainerRow, Sentinels
from supervisor.core.events import Started
from supervisor.core.models import TaskId
from supervisor.core.ownership import Maker
from supervisor.core.state import fresh
from supervisor.engine.container_inventory import Inventory
from supervisor.engine.lives import Lives
from supervisor.ports import Known
from tests.engine.batches import spec_of
from tests.fakes.containers import AT_WORK, FakeContainers
from tests.fakes.night import after, ended
from tests.fakes.witness import FakeWitness

A = TaskId("g/a")
RULES = ContainerRules(name=("agentrun--*",))


class Night:
    """An inventory of containers that exist in memory; moments are seconds since it began."""

    def __init__(self, *tasks: str, rules: ContainerRules | None = RULES) -> None:
        spec = spec_of(*tasks or ("g/a",))
        groups = tuple(replace(group, containers=rules) for group in spec.groups)
        self.now = 1000.0
        self.batch = fresh(replace(spec, groups=groups), "u", self.now)
        self.there = FakeContainers(at=self.now)
        self.witness = FakeWitness()
        self.inventory = Inventory(
            lives=Lives(lambda: self.batch, {}),
            batch=lambda: self.batch,
            witness=lambda: self.witness,
        )
        self.rows = dict[str, ContainerRow]()

    def begin(self, task: TaskId = A) -> None:
        self.batch = after(
            self.batch, (Started(task=task, attempt=1, started_at=self.now), self.now)
        )

    async def look(self) -> None:
        self.inventory.take_in(await self.there.look(), self.now)

    async def sweep(self, span_s: float = 3.0, times: int = 1) -> None:
        for _ in range(times):
            self.now += span_s
            self.there.at = self.now
            due = self.inventory.due(self.now)
            self.inventory.sign(due, await self.there.signals(due), self.now)
            self.inventory.measure(await self.there.usage(self.inventory.ids))
            self.rows = dict(self.inventory.judge(self.now, cores=8))


async def test_a_colleague_s_is_shown_but_not_ours_and_counts_for_nothing() -> None:
    night = Night()
    night.there.add("agentrun--colleague", created_at=night.now - 900)
    night.begin()
    night.there.add("agentrun--mine")
    await night.look()
    await night.sweep(times=3)
    owned = {row.name: row.owned for row in night.rows.values()}
    # Once somebody else was seen to make the like, the time alone proves nothing any more.
    assert owned == {"agentrun--colleague": False, "agentrun--mine": False}
    assert by_task(night.rows.values()) == ()


async def test_who_was_seen_to_make_one_decides() -> None:
    night = Night("g/a", "g/b")
    night.begin()
    night.begin(TaskId("g/b"))
    mine = night.there.add("agentrun--mine")
    other = night.there.add("agentrun--other")
    night.witness.now = Known(
        makers={
            mine: Maker(task=A, attempt=1, how="its docker client made it"),
            other: Maker(task=None, how="somebody else made it"),
        }
    )
    await night.look()
    await night.sweep(times=2)
    assert (night.rows[mine].task, night.rows[mine].attempt) == (A, 1)
    assert (night.rows[other].owned, night.rows[other].proof) == (False, "somebody else made it")
    assert night.witness.kept == {mine: Maker(task=A, attempt=1, how="its docker client made it")}


async def test_container_tasks_are_shown_by_their_label_alone() -> None:
    night = Night()
    labels = {BATCH_LABEL: "u", TASK_LABEL: A, "overnight.group": "g"}
    night.there.add("overnight-u-a-1", labels=labels)
    await night.look()
    await night.sweep(times=2)
    assert [row.task for row in night.rows.values()] == [A]
    assert not night.witness.kept, "the label says it already"


async def test_what_an_ended_attempt_left_is_dead() -> None:
    night = Night()
    night.begin()
    left = night.there.add("agentrun--1")
    await night.look()
    await night.sweep(times=3)
    night.batch = after(night.batch, (ended("g/a", 1, night.now), night.now))
    await night.look()
    await night.sweep()
    assert night.rows[left].state == "dead_idle"
    assert night.rows[left].why.startswith("the attempt that made it is over")


async def test_one_that_was_started_anew_is_measured_anew() -> None:
    night = Night()
    night.begin()
    one = night.there.add("agentrun--1")
    await night.look()
    await night.sweep(times=3)
    made = night.there.made[one]
    made.container = replace(made.container, pid=999)
    await night.look()
    await night.sweep()
    assert night.rows[one].state == "unknown"


async def test_signs_are_due_of_who_does_not_show_that_it_lives() -> None:
    night = Night(rules=replace(RULES, sentinels=Sentinels(error_files=("/e",))))
    night.begin()
    busy, idle = night.there.add("agentrun--1", cores=0.5), night.there.add("agentrun--2")
    night.there.made[busy].signals = AT_WORK
    await night.look()
    assert night.inventory.due(night.now)[busy].error_files == ("/e",)
    await night.sweep(times=3)
    assert not night.inventory.due(night.now), "they were read just now"
    assert set(night.inventory.due(night.now + 15)) == {idle}


async def test_what_is_not_shown_has_no_facts() -> None:
    night = Night(rules=replace(RULES, sentinels=Sentinels(error_files=("/e",))))
    night.begin()
    mine, other = night.there.add("agentrun--1"), night.there.add("postgres")
    await night.look()
    assert night.inventory.ids == (mine,)
    assert night.inventory.container(mine) == night.there.made[mine].container
    assert night.inventory.container(other) is None
    assert night.inventory.error_files(mine) == ("/e",)
    assert night.inventory.error_files(other) == ()
    night.inventory.sign({other: Sentinels()}, {other: AT_WORK}, night.now)
    assert night.inventory.ids == (mine,), "signs of one that went are no news"
