"""Orders are given until they are carried out, and escalate."""

from pathlib import Path

from supervisor.core.container_names import container_name
from supervisor.ports import Alive, Unknown
from tests.adapters.docker.benches import UUID, A, bench
from tests.support import until

NAME = container_name(UUID, A.task, A.attempt)


async def test_insists_after_the_grace(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A, "stubborn")])
        await until(lambda: one.of(Alive))
        await one.backend.stop([A], 0.05)
        assert one.gone().code == 137  # type: ignore[union-attr]


async def test_says_what_cannot_be_killed(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        one.engine.refuse["kill"] = (500, "did not receive an exit event")
        await one.backend.stop([A], 0.05)
        assert one.of(Unknown)[-1].reason == "its container survives SIGKILL"
        assert one.gone() is None


async def test_an_order_outlasts_an_outage(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        one.engine.lose_before |= {"unpause", "kill"}
        await one.backend.stop([A], 5.0)
        assert one.gone().code == 143  # type: ignore[union-attr]


async def test_what_is_frozen_is_thawed_to_be_stopped(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        await one.backend.freeze([A])
        assert one.engine.box(NAME).status == "paused"
        await one.backend.freeze([A])
        await one.backend.thaw([A])
        assert one.engine.box(NAME).status == "running"
        await one.backend.freeze([A])
        await one.backend.stop([A], 5.0)
        assert one.gone().code == 143  # type: ignore[union-attr]
