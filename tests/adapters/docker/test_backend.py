"""What the contract does not try: many at once, news of the engine itself."""

from pathlib import Path

from supervisor.core.models import TaskId
from supervisor.ports import Gone, Notice, Outage, Ref
from tests.adapters.docker.benches import A, bench
from tests.support import until


async def test_tells_of_the_engine_and_of_pulls(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await until(lambda: one.of(Outage) == [Outage(None)])
        one.engine.pull = [{"status": "Pulling"}]
        await one.backend.submit([one.plan(A, "exit", "0", image="far:v1")])
        await until(one.gone)
        assert one.of(Notice) == [
            Notice("pull far:v1", "pulling far:v1"),
            Notice("pull far:v1", None),
        ]


async def test_many_in_a_row(tmp_path: Path) -> None:
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(30)]
    async with bench(tmp_path, at_once=4) as one:
        await one.backend.submit([one.plan(each, "exit", "7") for each in refs])
        await until(lambda: len(one.of(Gone)) == 30)
        one.backend.forget(refs)
        await one.backend.finish()
        assert one.engine.boxes == {}
        assert len(one.engine.starts) == 30
    assert one.backend.traits.name == "docker"


async def test_a_long_pull_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(4)]
    async with bench(tmp_path, at_once=2) as one:
        one.engine.pull = [{"status": "Pulling"}] * 1_000_000
        await one.backend.submit([one.plan(each, image="far:v1") for each in refs])
        await until(lambda: "POST images/create" in one.engine.asked)
        await one.backend.submit([one.plan(A, "exit", "0")])
        await until(one.gone)
