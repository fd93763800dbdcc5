"""Logs arrive while a container runs, through broken lines and full disks."""

from pathlib import Path

from supervisor.core.container_names import container_name
from supervisor.ports import Alive
from tests.adapters.docker.benches import UUID, A, another, bench
from tests.fakes.daemon import daemon
from tests.support import until

NAME = container_name(UUID, A.task, A.attempt)


async def test_arrives_while_it_runs(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        box = one.engine.box(NAME)
        one.engine.write(box, "stdout", b"first\n")
        await until(lambda: one.log() == b"first\n")
        one.engine.write(box, "stderr", b"oops\n")
        await until(lambda: one.log(stream="stderr") == b"oops\n")


async def test_a_stream_that_ends_is_no_end(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        one.engine.lose_before.add("logs")
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        box = one.engine.box(NAME)
        one.engine.write(box, "stdout", b"one\n")
        await until(lambda: one.log() == b"one\n")
        assert one.gone() is None


async def test_a_later_engine_goes_on_where_the_last_one_was(tmp_path: Path) -> None:
    async with daemon(tmp_path) as engine:
        async with another(engine, tmp_path) as one:
            await one.backend.submit([one.plan(A)])
            await until(lambda: one.of(Alive))
            box = engine.box(NAME)
            engine.write(box, "stdout", b"one\n")
            await until(lambda: one.log() == b"one\n")
        engine.write(box, "stdout", b"two\n")
        async with another(engine, tmp_path) as two:
            await two.backend.adopt([A])
            await until(lambda: two.log() == b"one\ntwo\n")
            engine.write(box, "stdout", b"three")
            engine.end(box, 0)
            await until(two.gone)
            assert two.log() == b"one\ntwo\nthree"


async def test_a_log_that_cannot_be_written_waits(tmp_path: Path) -> None:
    async with bench(tmp_path) as one:
        await one.backend.submit([one.plan(A)])
        await until(lambda: one.of(Alive))
        path = one.backend.directory(A) / "stdout.log"
        path.unlink()
        path.symlink_to(tmp_path / "nowhere" / "stdout.log")
        one.engine.write(one.engine.box(NAME), "stdout", b"kept\n")
        await until(lambda: sum("logs" in ask for ask in one.engine.asked) > 2)
        path.unlink()
        await until(lambda: path.exists() and one.log() == b"kept\n")
