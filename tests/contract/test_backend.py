"""What every backend must do; the fake is held to it like the real ones."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from supervisor.core.models import ErrorClass
from tests.contract.backend_rigs import FakeRig, LocalRig, Rig, reading, ref
from tests.contract.docker_rig import DockerRig
from tests.support import until

T = ref()


KINDS: dict[str, type[FakeRig | LocalRig | DockerRig]] = {
    "fake": FakeRig,
    "local": LocalRig,
    "docker": DockerRig,
}


@pytest.fixture(params=["fake", "local", pytest.param("docker", marks=pytest.mark.docker)])
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    one = KINDS[request.param](tmp_path)
    yield one
    one.close()
    if isinstance(one, DockerRig):
        await until(one.is_closed)
        await asyncio.sleep(0.02)  # transports are closed in the next turns of the loop


@pytest.mark.parametrize("code", [0, 3, 125])
async def test_reports_beginning_and_end(rig: Rig, code: int) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "exit", str(code))])
        gone = await news.gone(T)
    assert (gone.code, gone.preset) == (code, None)
    assert [type(report).__name__ for report in news.reports] == ["Alive", "Gone"]
    assert rig.starts(T) == 1


async def test_reports_a_missing_command(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "missing")])
        assert (await news.gone(T)).code == 127


async def test_launches_a_ref_once(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        async with asyncio.TaskGroup() as group:
            for _ in range(3):
                group.create_task(backend.submit([rig.program(T, "soon", "0")]))
        await backend.submit([rig.program(T, "soon", "0")])
        await news.gone(T)
        await backend.submit([rig.program(T, "soon", "0")])
        await backend.submit([rig.program(ref("after"), "exit", "0")])
        await news.gone(ref("after"))
    assert rig.starts(T) == 1
    assert len(news.gones(T)) == 1


async def test_keeps_logs_whole(rig: Rig) -> None:
    out = "".join(f"line {number} äöü\n" for number in range(2000))
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "print", out, "one error")])
        await news.gone(T)
    assert (backend.directory(T) / "stdout.log").read_text(encoding="utf-8") == out
    assert (backend.directory(T) / "stderr.log").read_text(encoding="utf-8") == "one error"


async def test_runs_a_hundred_at_once(rig: Rig) -> None:
    refs = [ref(f"t{number}") for number in range(rig.many)]
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit(
            [rig.program(each, "soon", str(number)) for number, each in enumerate(refs)]
        )
        codes = [(await news.gone(each)).code for each in refs]
    assert codes == list(range(rig.many))
    assert [rig.starts(each) for each in refs] == [1] * rig.many
    assert len(news.reports) == 2 * rig.many


async def test_refuses_a_missing_directory(rig: Rig, tmp_path: Path) -> None:
    backend = rig.backend()
    program = rig.program(T, "exit", "0")
    object.__setattr__(program, "cwd", str(tmp_path / "gone"))
    async with reading(backend) as news:
        await backend.submit([program, rig.program(ref("next"), "exit", "0")])
        gone = await news.gone(T)
        assert (await news.gone(ref("next"))).code == 0
    assert gone.preset is ErrorClass.BROKEN
    assert str(tmp_path / "gone") in gone.cause
    assert rig.starts(T) == 0


async def test_refuses_a_missing_env_file(rig: Rig, tmp_path: Path) -> None:
    backend = rig.backend()
    program = rig.program(T, "exit", "0")
    object.__setattr__(program, "env_file", str(tmp_path / "gone.env"))
    async with reading(backend) as news:
        await backend.submit([program])
        gone = await news.gone(T)
    assert gone.preset is ErrorClass.BROKEN
    assert "gone.env" in gone.cause
    assert rig.starts(T) == 0


async def test_adopts_what_lives(rig: Rig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "soon", "4")])
        begun = await news.alive(T)
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        assert (await news.alive(T)).pid == begun.pid
        assert (await news.gone(T)).code == 4
    assert rig.starts(T) == 1


async def test_adopts_what_ended_meanwhile(rig: Rig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "exit", "6")])
        await news.gone(T)
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        assert (await news.gone(T)).code == 6
        assert not news.alives(T)
    assert rig.starts(T) == 1


async def test_submit_adopts_what_an_earlier_engine_launched(rig: Rig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "soon", "4"), rig.program(ref("u"), "exit", "5")])
        await news.gone(ref("u"))
    second = rig.backend()
    async with reading(second) as news:
        await second.submit([rig.program(T, "soon", "4"), rig.program(ref("u"), "exit", "5")])
        assert (await news.gone(ref("u"))).code == 5
        assert (await news.gone(T)).code == 4
    assert (rig.starts(T), rig.starts(ref("u"))) == (1, 1)


async def test_what_never_began_is_lost_for_good(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.adopt([T])
        gone = await news.gone(T)
        await backend.submit([rig.program(T, "exit", "0")])
        await backend.submit([rig.program(ref("next"), "exit", "0")])
        await news.gone(ref("next"))
    assert (gone.code, gone.preset) == (None, ErrorClass.LOST)
    assert len(news.gones(T)) == 1
    later = rig.backend()
    async with reading(later) as news:
        await later.submit([rig.program(T, "exit", "0")])
        assert (await news.gone(T)).preset is ErrorClass.LOST
    assert rig.starts(T) == 0


@pytest.mark.parametrize("program", ["run", "polite", "stubborn", "forks", "escapes"])
async def test_stops_every_process(rig: Rig, program: str) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, program)])
        count = {"forks": 3, "escapes": 3}.get(program, 1)
        await until(lambda: rig.began(T, count))
        await backend.stop([T], 0.3)
        gone = await news.gone(T)
    assert gone.code != 0
    assert rig.left(T) == []
    assert rig.starts(T) == 1


async def test_stop_lets_a_polite_command_finish(tmp_path: Path) -> None:
    rig = LocalRig(tmp_path)
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "polite")])
        await until(lambda: rig.left(T))
        await backend.stop([T], 20)
        assert (await news.gone(T)).code == 5
    assert (backend.directory(T) / "stdout.log").read_bytes() == b"bye\n"
    rig.close()


async def test_stops_right_after_the_launch(rig: Rig) -> None:
    """A TERM that comes before the command exists must not be lost."""
    refs = [ref(f"t{number}") for number in range(min(20, rig.many))]
    backend = rig.backend()
    async with reading(backend) as news, asyncio.timeout(30):
        for each in refs:
            await backend.submit([rig.program(each, "run")])
            await backend.stop([each], 20)
            assert (await news.gone(each)).code == 143


async def test_stops_while_launching(rig: Rig) -> None:
    refs = [ref(f"t{number}") for number in range(min(20, rig.many))]
    backend = rig.backend()
    async with reading(backend) as news, asyncio.timeout(30):
        async with asyncio.TaskGroup() as group:
            group.create_task(backend.submit([rig.program(each, "run") for each in refs]))
            await asyncio.sleep(0)
            group.create_task(backend.stop(refs, 20))
        if isinstance(rig, FakeRig):
            await backend.stop(refs, 20)
        for each in refs:
            assert (await news.gone(each)).code == 143


async def test_stops_many_repeatedly_and_ignores_strangers(rig: Rig) -> None:
    refs = [ref(f"t{number}") for number in range(10)]
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(each, "stubborn") for each in refs])
        await until(lambda: all(rig.began(each) for each in refs))
        async with asyncio.TaskGroup() as group:
            group.create_task(backend.stop([*refs, ref("stranger")], 0.2))
            group.create_task(backend.stop(refs, 0.1))
        for each in refs:
            assert (await news.gone(each)).code == 137
        await backend.stop(refs, 0.1)
        await backend.freeze(refs)
        await backend.thaw([*refs, ref("stranger")])
        assert await backend.usage([*refs, ref("stranger")]) == {}
    assert len([report for report in news.reports if report.ref == refs[0]]) == 2


async def test_freezes_and_thaws(rig: Rig) -> None:
    backend = rig.backend()
    other = ref("other")
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "soon", "2")])
        await until(lambda: rig.starts(T))
        await backend.freeze([T])
        await backend.freeze([T])
        await backend.submit([rig.program(other, "soon", "0")])
        await news.gone(other)
        assert not news.gones(T)
        await backend.thaw([T])
        await backend.thaw([T])
        assert (await news.gone(T)).code == 2


async def test_stops_what_is_frozen(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run")])
        await until(lambda: rig.began(T))
        await backend.freeze([T])
        async with asyncio.timeout(10):
            await backend.stop([T], 20)
        assert (await news.gone(T)).code == 143


async def test_measures_what_runs(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run"), rig.program(ref("u"), "exit", "0")])
        await news.gone(ref("u"))
        await until(lambda: rig.began(T) and news.alives(T))
        usage = await backend.usage([T, ref("u")])
        await backend.stop([T], 1)
    assert set(usage) == {T}
    assert usage[T].processes >= 1
    assert usage[T].rss_bytes > 0


async def test_forgets_only_what_is_over(rig: Rig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run"), rig.program(ref("u"), "exit", "0")])
        await news.gone(ref("u"))
        backend.forget([T, ref("u"), ref("stranger")])
        await backend.stop([T], 1)
        await news.gone(T)
    assert rig.left(T) == []


async def test_stops_what_was_adopted(rig: Rig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "forks")])
        await news.alive(T)
        await until(lambda: rig.began(T, 3))
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        await second.stop([T], 0.2)
        await news.gone(T)
    assert rig.left(T) == []
