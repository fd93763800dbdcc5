"""What cannot be measured is left out; real containers are measured by the contract."""

from pathlib import Path

from supervisor.ports import Alive
from tests.adapters.docker.benches import A, B, bench
from tests.support import until


async def test_an_engine_that_cannot_say_is_no_fault(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A), one.plan(B, "exit", "0")])
        await until(lambda: one.gone(B) and len(one.of(Alive)) == 2)
        one.engine.refuse["stats"] = (500, "no")
        assert await one.backend.usage([A, B]) == {}
        one.backend.forget([B])
