"""Containers are ended and swept as ordered, each saved beside its attempt, and what became of them told."""

import asyncio
from pathlib import Path

import pytest

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.effects import EndContainers, StopAttempt, SweepAway
from supervisor.core.intents import KillContainers, Pause
from supervisor.core.models import TaskId
from supervisor.core.sweeping import intent_of
from supervisor.engine.container_acts import target_of
from supervisor.ports import ConfigError, DaemonUnreachableError, SupervisorError
from tests.engine.dock import A, B, Dock
from tests.fakes.night import after, ended, started
from tests.support import until


async def carried_out(dock: Dock, *orders: EndContainers | SweepAway) -> None:
    """Hand orders over and wait until each is told of."""
    before = len(dock.told)
    async with asyncio.TaskGroup() as group:
        work = group.create_task(dock.acts.run())
        stop = StopAttempt(task=A, attempt=1, grace_s=1.0, reason="other business")
        dock.acts.perform([*orders, stop])
        await until(lambda: len(dock.told) == before + len(orders))
        work.cancel()


async def test_ids_are_filled_in_with_what_is_seen(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    id_ = dock.add("one")
    filled = await dock.acts.filled_in(KillContainers(ids=(id_,)))
    assert filled == KillContainers(
        ids=(id_,), targets=(ContainerTarget(id=id_, name="one", task=A, attempt=1, owned=True),)
    )
    assert await dock.acts.filled_in(Pause()) == Pause()
    with pytest.raises(ConfigError, match="no such container: ffffffffffff"):
        await dock.acts.filled_in(KillContainers(ids=("f" * 64,)))
    dock.watched = False
    with pytest.raises(ConfigError, match="looks at no containers"):
        await dock.acts.filled_in(KillContainers(ids=(id_,)))


async def test_each_is_saved_beside_its_attempt(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    own, other = dock.add("one"), dock.add("two", TaskId("g/gone"))
    foreign = dock.add("three", None, None, owned=False)
    targets = tuple(target_of(dock.rows[id_]) for id_ in (own, other, foreign))
    await carried_out(dock, EndContainers(targets=targets))
    assert dock.there.kept_at == {
        own: tmp_path / "tasks/g/a/attempt-1/containers",
        other: tmp_path / "containers",
        foreign: tmp_path / "containers",
    }
    assert dock.ends == {"one": "removed", "two": "removed", "three": "removed"}
    assert set(dock.there.files) == {"/workspace/error.log"}
    assert dock.rows == {}


async def test_one_that_nothing_ends_is_shown_until_it_is_gone(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    bad, good = dock.add("wedged"), dock.add("fine")
    dock.there.stubborn = {bad}
    targets = (target_of(dock.rows[bad]), target_of(dock.rows[good]))
    await carried_out(dock, EndContainers(targets=targets))
    assert dock.ends == {"wedged": "unkillable", "fine": "removed"}
    assert dock.banners["unkillable"] == (
        "1 container could not be ended: wedged; launching goes on"
    )
    dock.there.stubborn.clear()
    await carried_out(dock, EndContainers(targets=targets[:1]))
    assert dock.banners["unkillable"] is None


async def test_an_engine_that_does_not_answer_ends_nothing(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    target = target_of(dock.rows[dock.add("one")])
    dock.there.silent = "no answer"
    sweep = SweepAway(containers=(target,), networks=(("n", "net"),), volumes=())
    await carried_out(dock, sweep)
    assert dock.ends == {"one": "unkillable", "sweep": "not removed"}
    dock.watched = False
    await carried_out(dock, EndContainers(targets=(target,)))
    assert dock.ends["one"] == "unkillable"


async def test_what_was_ended_stays_so_whatever_the_next_look_says(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    target = target_of(dock.rows[dock.add("one")])
    dock.silent = "gone"
    await carried_out(dock, EndContainers(targets=(target,)))
    assert dock.ends == {"one": "removed"}


async def test_a_fault_of_ours_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dock = Dock(tmp_path)
    target = target_of(dock.rows[dock.add("one")])
    monkeypatch.setattr(dock.there, "end", None)
    await carried_out(dock, EndContainers(targets=(target,)))
    assert dock.ends == {"one": "unkillable"}


async def test_what_is_listed_is_what_is_swept(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    dock.add("lives")
    over = dock.add("over", B, 1)
    dock.batch = after(dock.batch, (started("g/b", 1, 2.0), 2.0), (ended("g/b", 1, 3.0), 3.0))
    dock.add("colleague", None, None, owned=False, proof="others here make such")
    dock.there.networks = (("n1", "net"),)
    found = await dock.acts.leftovers()
    assert [one["name"] for one in found["containers"]] == ["over"]  # type: ignore[attr-defined]
    assert found["networks"] == [{"id": "n1", "name": "net"}]
    assert found["kept"] == [{"name": "colleague", "why": "others here make such"}]
    assert found["disk"] == {"root": "/var/lib/docker", "free_bytes": None, "shares": []}
    wanted = intent_of(found)
    dock.there.problems = ("network net: in use",)
    order = SweepAway(
        containers=wanted.containers, networks=wanted.networks, volumes=wanted.volumes
    )
    await carried_out(dock, order)
    assert over not in dock.there.made
    assert dock.ends == {"over": "removed", "sweep": "not removed"}
    assert len(dock.rows) == 2


async def test_nobody_looks_nobody_is_asked(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    dock.watched = False
    with pytest.raises(SupervisorError, match="looks at no containers"):
        await dock.acts.leftovers()
    with pytest.raises(SupervisorError, match="no container"):
        await dock.acts.describe("f" * 64, 5)
    assert await dock.acts.free_bytes() is None


async def test_what_is_shown_can_be_described(tmp_path: Path) -> None:
    dock = Dock(tmp_path)
    id_ = dock.add("one")
    assert (await dock.acts.describe(id_, 5)).inspection == "one"
    dock.there.free = 7
    assert await dock.acts.free_bytes() == 7
    dock.there.silent = "no answer"
    with pytest.raises(DaemonUnreachableError):
        await dock.acts.free_bytes()
