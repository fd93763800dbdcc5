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


async def test_a_hundred_in_a_row(tmp_path: Path) -> None:
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(100)]
    async with bench(tmp_path, at_once=4) as one:
        await one.backend.submit([one.plan(each, "exit", "7") for each in refs])
        await until(lambda: len(one.of(Gone)) == 100)
        one.backend.forget(refs)
        await one.backend.finish()
        assert one.engine.boxes == {}
        assert len(one.engine.starts) == 100
    assert one.backend.traits.name == "docker"
