"""Containers go when their attempt's end is written down, and not before."""

from pathlib import Path

from supervisor.core.container_names import container_name
from supervisor.ports import Alive
from tests.adapters.docker.benches import UUID, A, B, another, bench
from tests.fakes.daemon import Box, daemon
from tests.support import until


async def test_what_an_engine_could_not_remove_the_next_one_does(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        foreign = {"Cmd": ["x"], "Labels": {"overnight.batch": "another"}}
        async with another(engine, tmp_path) as one:
            await one.backend.submit([one.plan(A, "exit", "0"), one.plan(B)])
            await until(lambda: one.gone(A) and one.of(Alive))
        engine.boxes["foreign"] = Box("foreign", "foreign", foreign, status="exited")
        assert len(engine.boxes) == 3
        async with another(engine, tmp_path):
            await until(lambda: len(engine.boxes) == 2)
        assert {one.name for one in engine.boxes.values()} == {
            "foreign",
            container_name(UUID, B.task, 1),
        }


async def test_a_removal_outlasts_an_outage_and_a_refusal_is_no_fault(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A, "exit", "0"), one.plan(B, "exit", "0")])
        await until(lambda: one.gone(A) and one.gone(B))
        one.engine.lose_before.add("remove")
        one.backend.forget([A])
        await until(lambda: len(one.engine.boxes) == 1)
        one.engine.refuse["remove"] = (500, "device or resource busy")
        one.backend.forget([B])
        await one.backend.finish()
        assert len(one.engine.boxes) == 1


async def test_what_nobody_forgot_is_removed_in_the_end(tmp_path: Path) -> None:
    """An engine may end between telling of an end and forgetting it."""
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A, "exit", "0"), one.plan(B)])
        await until(lambda: one.gone(A) and len(one.of(Alive)) == 2)
        await one.backend.finish()
        assert [box.name for box in one.engine.boxes.values()] == [container_name(UUID, B.task, 1)]
