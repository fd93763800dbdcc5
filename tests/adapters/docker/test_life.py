"""One container task through every death and refusal on its way: begun once, its end told once."""

import asyncio
from pathlib import Path

import pytest

from supervisor.adapters.docker.records import Claim, write_claim
from supervisor.core.container_names import container_name
from supervisor.core.models import ErrorClass
from supervisor.ports import Alive, Outage, Unknown
from tests.adapters.docker.benches import UUID, A, B, another, bench
from tests.fakes.daemon import daemon, listening
from tests.support import until

NAME = container_name(UUID, A.task, A.attempt)


async def test_from_making_to_removal(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A, "print", "out\n", "err\n")])
        await until(one.gone)
        assert [type(report).__name__ for report in one.news if not isinstance(report, Outage)] == [
            "Alive",
            "Gone",
        ]
        assert (one.log(), one.log(stream="stderr")) == (b"out\n", b"err\n")
        assert one.engine.boxes, "it stays until its end is known"
        one.backend.forget([A])
        await one.backend.finish()
        assert one.engine.boxes == {}


@pytest.mark.parametrize("verb", ["create", "start", "inspect", "image", "logs", "info"])
@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
async def test_an_answer_that_is_lost_starts_nothing_twice(
    tmp_path: Path, verb: str, when: str
) -> None:
    async with bench(tmp_path) as one:
        getattr(one.engine, when).add(verb)
        await one.backend.submit([one.plan(A, "exit", "3"), one.plan(B, "print", "x", "y")])
        await until(lambda: one.gone(A) and one.gone(B))
        assert one.gone(A).code == 3  # type: ignore[union-attr]
        assert one.log(B) == b"x"
        assert sorted(one.engine.starts) == sorted([NAME, container_name(UUID, B.task, B.attempt)])


@pytest.mark.parametrize("verb", ["create", "start", "inspect", "image", "logs"])
@pytest.mark.parametrize("when", ["lose_before", "lose_after"])
@pytest.mark.parametrize("how", ["submit", "adopt"])
async def test_an_engine_that_dies_there_loses_nothing(
    tmp_path: Path, verb: str, when: str, how: str
) -> None:
    async with daemon(tmp_path) as engine:
        async with another(engine, tmp_path, ping_s=60.0) as one:
            getattr(engine, when).add(verb)
            await one.backend.submit([one.plan(A, "exit", "4")])
            await until(lambda: verb not in getattr(engine, when))
        async with another(engine, tmp_path) as two:
            if how == "submit":
                await two.backend.submit([two.plan(A, "exit", "4")])
            else:
                await two.backend.adopt([A])
            await until(two.gone)
            gone = two.gone()
            assert gone is not None
        lost = how == "adopt" and not engine.starts
        assert (gone.code, gone.preset) == ((None, ErrorClass.LOST) if lost else (4, None))
        assert engine.starts == [] if lost else [NAME]
        async with another(engine, tmp_path) as three:
            await three.backend.adopt([A])
            await until(three.gone)
            again = three.gone()
            assert again is not None
            assert (again.code, again.preset) == (gone.code, gone.preset)
            await until(lambda: not engine.boxes)


async def test_a_stale_start_finds_nothing_to_start(tmp_path: Path) -> None:
    """The engine may read a request long after its sender died."""
    async with daemon(tmp_path) as engine:
        async with another(engine, tmp_path, ping_s=60.0) as one:
            engine.lose_before.add("start")
            await one.backend.submit([one.plan(A, "exit", "0")])
            await until(lambda: not engine.lose_before)
        stale = next(ask for ask in engine.asked if ask.endswith("/start"))
        async with another(engine, tmp_path) as two:
            await two.backend.submit([two.plan(A, "exit", "0")])
            await until(two.gone)
            assert stale.split("/")[1] not in engine.boxes
        assert engine.starts == [NAME]


async def test_an_engine_that_goes_away_is_no_end(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine, another(engine, tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        box = engine.box(NAME)
        engine.refuse["ping"] = (500, "not today")
        await until(lambda: one.of(Unknown))
        assert one.of(Outage)[-1] == Outage("the container engine is not well: not today")
        engine.write(box, "stdout", b"meanwhile\n")
        del engine.refuse["ping"]
        await until(lambda: len(one.of(Alive)) == 2)
        assert one.of(Outage)[-1] == Outage(None)
        assert one.gone() is None
        engine.end(box, 0)
        await until(one.gone)
        assert one.log() == b"meanwhile\n"


async def test_a_socket_that_vanishes_holds_what_was_to_begin(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        pass
    async with another(engine, tmp_path) as one:
        await one.backend.submit([one.plan(A, "exit", "0")])
        await until(lambda: one.of(Unknown))
        assert "does it run?" in one.of(Unknown)[0].reason
        async with listening(engine):
            await until(one.gone)
            assert engine.starts == [NAME]


async def test_what_the_engine_took_down_has_not_failed(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        box = one.engine.box(NAME)
        write_claim(one.backend.directory(A), Claim("start", box.id, "its life before"))
        one.engine.end(box, 137)
        await until(one.gone)
        assert one.gone().preset is ErrorClass.DOCKER  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("verb", "status", "words", "preset", "code"),
    [
        ("create", 400, "invalid mount config", ErrorClass.BROKEN, None),
        ("create", 500, "could not find an available IPv4 address pool", ErrorClass.DOCKER, None),
        ("start", 500, "no space left on device", ErrorClass.DISK_FULL, None),
        ("start", 400, 'OCI runtime: exec: "x": executable file not found in $PATH', None, 127),
        ("start", 400, 'OCI runtime: exec: "/x": permission denied', None, 126),
        ("image", 400, "invalid reference format", ErrorClass.BROKEN, None),
    ],
)
async def test_refusals(
    tmp_path: Path, verb: str, status: int, words: str, preset: ErrorClass | None, code: int | None
) -> None:
    async with bench(tmp_path) as one:
        one.engine.refuse[verb] = (status, words)
        await one.backend.submit([one.plan(A, "exit", "0")])
        await until(one.gone)
        gone = one.gone()
        assert gone is not None
        assert (gone.preset, gone.code) == (preset, code)
        assert words in gone.cause
        assert one.engine.starts == []
        assert one.engine.boxes == {}
        if verb == "start":
            assert words in one.log(stream="stderr").decode()


async def test_a_name_that_is_somebody_elses(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(B)])
        await until(lambda: one.of(Alive))
        one.engine.box(container_name(UUID, B.task, 1)).name = NAME
        await one.backend.submit([one.plan(A)])
        await until(one.gone)
        gone = one.gone()
        assert gone is not None
        assert (gone.preset, NAME in gone.cause) == (ErrorClass.BROKEN, True)


async def test_a_container_that_somebody_removed(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        box = one.engine.box(NAME)
        del one.engine.boxes[box.id]
        one.engine.tell("destroy", box)
        await until(one.gone)
        assert one.gone().preset is ErrorClass.LOST  # type: ignore[union-attr]


async def test_stopped_in_mid_pull_it_never_begins(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        one.engine.pull = [{"status": "Pulling"}] * 100_000
        await one.backend.submit([one.plan(A, image="far:away")])
        await until(lambda: "POST images/create" in one.engine.asked)
        async with asyncio.timeout(5):
            await one.backend.stop([A], 10.0)
        assert one.gone().code == 143  # type: ignore[union-attr]
        assert one.engine.starts == []


async def test_memory_and_health_come_along(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A), one.plan(B)])
        await until(lambda: len(one.of(Alive)) == 2)
        box = one.engine.box(NAME)
        box.oom = True
        one.engine.end(box, 137)
        other = one.engine.box(container_name(UUID, B.task, 1))
        other.health = {"Status": "unhealthy", "Log": [{"Output": "no\nanswer"}]}
        one.engine.end(other, 1)
        await until(lambda: one.gone(A) and one.gone(B))
        assert one.gone(A).oom_killed  # type: ignore[union-attr]
        assert one.gone(B).cause == "its health check failed: no answer"  # type: ignore[union-attr]
