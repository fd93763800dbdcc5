"""From the first launch to the engine's end: what starts, what stops, and in which order."""

import json
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.intents import (
    Add,
    Cancel,
    Freeze,
    Kill,
    Pause,
    Refresh,
    SetParallel,
    Stop,
    Thaw,
)
from supervisor.core.models import (
    BatchSpec,
    CommandSpec,
    GroupId,
    GroupSpec,
    StallPolicy,
    TaskId,
)
from supervisor.core.phase import (
    BackingOff,
    Cancelled,
    Frozen,
    Running,
    Succeeded,
    Unreachable,
    Waiting,
)
from supervisor.engine.announce import read_info
from supervisor.engine.launch import read_launch
from supervisor.engine.life import Engine
from supervisor.ports import Ref
from tests.engine.batches import ONCE, spec_of
from tests.engine.night import Night
from tests.support import until

A = Ref(TaskId("g/a"), 1)


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def is_in(night: Night, name: str, *phases: type) -> bool:
    return TaskId(name) in night.shelf.tasks and isinstance(night.task(name).phase, phases)


def forever(*names: str) -> BatchSpec:
    return spec_of(*names, run=("forever",))


async def ended(night: Night, engine: Engine) -> str:
    """Why the engine ended, once it has."""

    def info() -> str | None:
        found = read_info(night.home / "state" / "engine.json")
        return None if found is None else found.ended

    await until(info)
    return info() or ""


async def test_a_batch_runs_and_its_engine_ends_by_itself(night: Night) -> None:
    assert await night.live(spec_of("g/a", "g/b", run=("soon", "0"))) == "done"
    assert is_in(night, "g/a", Succeeded)
    assert night.desk.summary["finished"] is True
    assert read_info(night.home / "state" / "engine.json") is not None


async def test_a_failure_leaves_its_story_and_its_place_in_the_list(
    night: Night, tmp_path: Path
) -> None:
    night.world.root = tmp_path
    spec = spec_of("g/a", "g/b", run=("print", "out\n", "boom\n"), retry=ONCE)
    spec = replace(
        spec,
        groups=tuple(replace(group, success_exit=(7,)) for group in spec.groups),
    )
    assert await night.live(spec) == "done"
    document, error_log = night.desk.failures[TaskId("g/a")]
    assert document["phase"] == "failed"
    assert "g/a" in error_log
    assert [one["task"] for one in night.desk.failed["g"]] == ["g/a", "g/b"]


async def test_files_that_cannot_be_written_are_a_banner_and_nothing_else(night: Night) -> None:
    night.desk.broken = "no space for batch_summary.json"
    async with night.engine(spec_of("g/a", "g/b", run=("forever",))) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        night.world.engines[0].end(A, 0)
        await until(lambda: engine.hub.board().head.needs_you)
        assert engine.hub.board().head.needs_you[0].why == night.desk.broken
        night.desk.broken = ""
        night.clock.advance(2)
        night.world.engines[0].end(Ref(TaskId("g/b"), 1), 0)
        await ended(night, engine)
    assert night.desk.summary["finished"] is True


async def test_stop_ends_what_runs_and_it_runs_again_next_time(night: Night) -> None:
    async with night.engine(forever("g/a")) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        answer = await engine.service.submit(Stop(), "ada")
        assert answer.ok
        assert await ended(night, engine) == "stopped"
    assert is_in(night, "g/a", Waiting)
    assert [ref for ref, _ in night.world.stops] == [A]
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
    assert [ref.attempt for ref in night.world.starts] == [1, 2]


async def test_kill_and_cancel_reach_the_backend(night: Night) -> None:
    async with night.engine(forever("g/a", "g/b")) as engine:
        await until(lambda: is_in(night, "g/b", Running))
        assert (await engine.service.submit(Kill(targets=("g/a",)), "ada")).ok
        await until(lambda: Ref(TaskId("g/a"), 2) in night.world.starts)
        assert (await engine.service.submit(Cancel(targets=("g/b",)), "ada")).ok
        await until(lambda: is_in(night, "g/b", Cancelled))


async def test_freeze_and_thaw_reach_the_backend(night: Night) -> None:
    async with night.engine(forever("g/a")) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        await engine.service.submit(Freeze(targets=("g/a",)), "ada")
        await until(lambda: night.world.runs[A].state == "frozen")
        assert is_in(night, "g/a", Frozen)
        await engine.service.submit(Thaw(), "ada")
        await until(lambda: night.world.runs[A].state == "alive")
        await until(lambda: is_in(night, "g/a", Running))


async def test_a_refresh_is_run_once_and_its_end_comes_back(night: Night) -> None:
    spec = forever("g/a")
    limit = replace(spec.limits[0], refresh=CommandSpec(run="az login"))
    async with night.engine(replace(spec, limits=(limit,))) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        assert (await engine.service.submit(Refresh(limit=limit.name), "ada")).ok
        await until(lambda: night.commands.ran == ["az login"])
        await until(lambda: any("RefreshEnded" in one.event for one in night.shelf.entries))


async def test_a_backend_that_does_not_answer_is_asked_again(night: Night) -> None:
    night.world.down = "daemon is away"
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Unreachable))
        night.world.down = ""
        night.clock.advance(10)
        await until(lambda: is_in(night, "g/a", Running))
    assert night.world.starts == [A]


async def test_doubt_is_no_failure_and_ends_when_the_backend_answers(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
        night.world.engines[0].doubt(A, "no word from the daemon")
        await until(lambda: is_in(night, "g/a", Unreachable))
        night.world.engines[0]._tell(A)
        await until(lambda: is_in(night, "g/a", Running))


async def test_a_full_disk_launches_nothing_and_tells_so(night: Night) -> None:
    night.free_bytes = 1
    spec = replace(forever("g/a"), disk_floor_bytes=1 << 30)
    async with night.engine(spec) as engine:
        await until(lambda: night.shelf.desk is not None and night.shelf.desk.disk)
        assert night.world.starts == []
        assert engine.hub.board().head.reason is not None
        night.free_bytes = 1 << 40
        night.clock.advance(15)
        await until(lambda: night.world.starts == [A])


async def test_a_jump_of_the_clock_reaches_the_core(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
        night.clock.jump(3600)
        await until(lambda: any("ClockJumped" in one.event for one in night.shelf.entries))


async def test_silence_is_noticed(night: Night) -> None:
    spec = forever("g/a")
    groups: tuple[GroupSpec, ...] = tuple(
        replace(group, stall=StallPolicy(quiet_s=60)) for group in spec.groups
    )
    async with night.engine(replace(spec, groups=groups)):
        await until(lambda: is_in(night, "g/a", Running))

        def quiet() -> bool:
            night.clock.advance(15)
            phase = night.task("g/a").phase
            return isinstance(phase, Running) and phase.quiet_since is not None

        await until(quiet)


async def test_why_failed_and_logs_can_be_asked_for(night: Night) -> None:
    night.world.root = night.home / "state"
    spec = replace(spec_of("g/a", run=("forever",)), tasks=spec_of("g/a", run=("forever",)).tasks)
    tasks = tuple(replace(task, cwd=str(night.home)) for task in spec.tasks)
    async with night.engine(replace(spec, tasks=tasks)) as engine:
        await until(lambda: is_in(night, "g/a", Running))
        night.world.engines[0].write(A, "hello\n")
        window = await engine.service.log("a", None, "stdout", 0, 100)
        assert (window.data, window.size) == (b"hello\n", 6)
        await engine.service.submit(SetParallel(group=GroupId("g"), parallel=2), "ann (azure)")
        await engine.service.submit(Pause(), "bob")
        reasons = await engine.service.why("g/a")
        assert any("launch" in line for line in reasons)
        assert any(line.endswith("parallel g: 4 -> 2, by ann (azure)") for line in reasons)
        assert reasons[-1].endswith("pause batch: by bob")
        assert await engine.service.failed() == []
        assert (await engine.service.snapshot()).tasks[TaskId("g/a")].phase == "running"


async def test_engine_json_names_the_engine(night: Night) -> None:
    async with night.engine(forever("g/a")):
        facts = json.loads((night.home / "state" / "engine.json").read_text())
        assert facts["batch"] == "night"
        assert facts["ended"] is None
        assert night.shelf.desk is not None
        assert facts["uuid"] == night.shelf.desk.uuid


async def test_a_retry_waits_for_its_time(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
        night.world.engines[0].end(A, 1)
        await until(lambda: is_in(night, "g/a", BackingOff))
        night.clock.advance(3600)
        await until(lambda: len(night.world.starts) == 2)


async def test_what_cannot_be_asked_about_at_recovery_is_asked_about_again(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Running))
    night.world.down = "daemon is away"
    async with night.engine(forever("g/a")):
        await until(lambda: is_in(night, "g/a", Unreachable))
        night.world.down = ""
        night.clock.advance(10)
        await until(lambda: is_in(night, "g/a", Running))
    assert night.world.starts == [A]


async def test_an_added_task_reaches_readers_and_the_next_engine(night: Night) -> None:
    async with night.engine(forever("g/a")) as engine:
        async with aclosing(engine.service.changes()) as reader:
            await anext(reader)
            await until(lambda: is_in(night, "g/a", Running))
            new = replace(forever("g/b").tasks[0], index=1)
            assert (await engine.service.submit(Add(task=new), "ada")).ok
            async for change in reader:
                if change.whole:
                    break
            assert [row.task for row in change.tasks] == ["g/a", "g/b"]

        def launch_spec() -> list[str]:
            spec, _ = read_launch(night.home / "state")
            return [task.id for task in spec.tasks]

        await until(lambda: launch_spec() == ["g/a", "g/b"])
