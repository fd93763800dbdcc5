"""Ends that are not simple: killed shims, stolen claims, torn files."""

import asyncio
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.local import LocalBackend, stop, telling
from supervisor.adapters.local.records import bury, read_exit
from supervisor.core.models import ErrorClass
from supervisor.ports import Alive, Gone
from tests.contract.backend_rigs import UUID, LocalRig, reading, ref
from tests.support import until

T = ref()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LocalRig]:
    rig = LocalRig(tmp_path)
    yield rig
    rig.close()


@pytest.fixture
def gated(tmp_path: Path) -> Iterator[LocalRig]:
    """A rig whose shims wait before they claim, until the file ``gate`` exists."""
    shell = tmp_path / "slow-sh"
    shell.write_text(
        f'#!/bin/sh\nwhile [ ! -e {tmp_path}/gate ]; do sleep 0.01; done\nexec /bin/sh "$@"\n',
        encoding="ascii",
    )
    shell.chmod(0o700)
    rig = LocalRig(tmp_path, shell=(str(shell),))
    yield rig
    rig.close()


async def test_a_killed_shim_does_not_end_its_command(rig: LocalRig) -> None:
    """The command is waited for, so that no second one ever runs beside it."""
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run")])
        await until(lambda: rig.began(T))
        os.kill((await news.alive(T)).pid or 0, signal.SIGKILL)
        await asyncio.sleep(0.3)
        assert not news.gones(T)
        assert (await backend.usage([T]))[T].processes == 1
        os.kill(rig.left(T)[0], signal.SIGKILL)
        gone = await news.gone(T)
    assert (gone.code, gone.preset) == (None, ErrorClass.LOST)
    assert "its shim was killed (signal 9)" in gone.cause


async def test_a_command_without_its_shim_can_be_stopped(rig: LocalRig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "stubborn")])
        await until(lambda: rig.began(T))
        os.kill((await news.alive(T)).pid or 0, signal.SIGKILL)
        await until(lambda: T in backend._life._closing.cases)
        await backend.stop([T], 0.1)
        assert (await news.gone(T)).preset is ErrorClass.LOST
    assert rig.left(T) == []


async def test_a_shim_killed_after_its_record_is_believed(rig: LocalRig, tmp_path: Path) -> None:
    backend = rig.backend()
    directory = backend.directory(T)
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run")])
        await until(lambda: rig.began(T))
        (directory / "exit").write_bytes(b"exit=0".ljust(63) + b"\n")
        pid = (await news.alive(T)).pid or 0
        os.kill(pid, signal.SIGSTOP)
        os.kill(rig.left(T)[0], signal.SIGKILL)
        await until(lambda: not rig.left(T))
        os.kill(pid, signal.SIGKILL)
        assert (await news.gone(T)).code == 0


async def test_an_adopted_command_without_its_shim_is_waited_for(rig: LocalRig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "run")])
        await until(lambda: rig.began(T))
        shim = (await news.alive(T)).pid or 0
    second = rig.backend()
    os.kill(shim, signal.SIGKILL)
    await until(lambda: b") Z " in Path(f"/proc/{shim}/stat").read_bytes())
    async with reading(second) as news:
        await second.adopt([T])
        alive = await news.alive(T)
        assert alive.pid == rig.left(T)[0]
        await second.stop([T], 5)
        assert (await news.gone(T)).preset is ErrorClass.LOST
    assert rig.starts(T) == 1


async def test_a_shim_on_its_way_is_waited_for(gated: LocalRig) -> None:
    """The engine died between spawn and claim."""
    first = gated.backend()
    async with reading(first) as news:
        await first.submit([gated.program(T, "exit", "0")])
        await news.alive(T)
    second = gated.backend()
    async with reading(second) as news:
        await second.adopt([T])
        await asyncio.sleep(0.2)
        assert news.reports == []
        (gated.root / "gate").touch()
        assert (await news.gone(T)).code == 0
    assert gated.starts(T) == 1


async def test_a_shim_that_never_arrives_is_reported_and_can_be_stopped(
    gated: LocalRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_CLAIM_S", 0.1)
    first = gated.backend()
    async with reading(first) as news:
        await first.submit([gated.program(T, "exit", "0")])
        shim = (await news.alive(T)).pid or 0
    second = gated.backend()
    async with reading(second) as news:
        await second.adopt([T])
        await until(lambda: news.reports)
        assert "started is not written" in str(news.reports[0])
        await second.stop([T], 0.1)
        assert (await news.gone(T)).preset is ErrorClass.LOST
    assert not _runs(shim)
    assert gated.starts(T) == 0


async def test_a_buried_attempt_never_runs(gated: LocalRig) -> None:
    first = gated.backend()
    async with reading(first) as news:
        await first.submit([gated.program(T, "exit", "0")])
        shim = (await news.alive(T)).pid or 0
    second = gated.backend()
    async with reading(second) as news:
        assert bury(str(second.directory(T)))
        await second.adopt([T])
        assert (await news.gone(T)).preset is ErrorClass.LOST
        (gated.root / "gate").touch()
        await until(lambda: not _runs(shim))
    assert gated.starts(T) == 0
    assert read_exit(str(second.directory(T))) is None


async def test_a_live_engine_learns_that_its_attempt_was_buried(gated: LocalRig) -> None:
    backend = gated.backend()
    async with reading(backend) as news:
        await backend.submit([gated.program(T, "exit", "0")])
        assert bury(str(backend.directory(T)))
        (gated.root / "gate").touch()
        gone = await news.gone(T)
    assert (gone.code, gone.preset) == (None, ErrorClass.LOST)
    assert gated.starts(T) == 0


async def test_of_two_shims_one_runs_and_both_engines_see_it(gated: LocalRig) -> None:
    """An engine died before the claim, and the same attempt is launched once more."""
    first = gated.backend()
    async with reading(first) as news:
        await first.submit([gated.program(T, "soon", "7")])
        await news.alive(T)
    second = gated.backend()
    async with reading(second) as news:
        await second.submit([gated.program(T, "soon", "7")])
        await news.alive(T)
        (gated.root / "gate").touch()
        assert (await news.gone(T)).code == 7
        assert len(news.gones(T)) == 1
    assert gated.starts(T) == 1


async def test_a_claim_that_could_not_be_written_is_no_start(gated: LocalRig) -> None:
    backend = gated.backend()
    async with reading(backend) as news:
        await backend.submit([gated.program(T, "exit", "0")])
        (backend.directory(T) / "started").touch()
        (gated.root / "gate").touch()
        gone = await news.gone(T)
    assert gone.preset is ErrorClass.LOST
    assert "could not write" in gone.cause
    assert gated.starts(T) == 0


async def test_a_torn_claim_without_its_writer_is_lost(rig: LocalRig) -> None:
    backend = rig.backend()
    directory = backend.directory(T)
    directory.mkdir(parents=True)
    (directory / "started").touch()
    async with reading(backend) as news:
        await backend.adopt([T])
        gone = await news.gone(T)
    assert gone.preset is ErrorClass.LOST
    assert [type(report) for report in news.reports] == [Gone]


async def test_a_torn_claim_whose_writer_lives_is_waited_for(rig: LocalRig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "run")])
        await until(lambda: rig.began(T))
        await news.alive(T)
    second = rig.backend()
    started = second.directory(T) / "started"
    whole = started.read_bytes()
    started.write_bytes(whole[:20])
    async with reading(second) as news:
        await second.adopt([T])
        await asyncio.sleep(0.2)
        assert news.reports == []
        started.write_bytes(whole)
        await news.alive(T)
        await second.stop([T], 5)
        assert (await news.gone(T)).code == 143


async def test_an_unreadable_attempt_is_reported_once_then_resolved(
    rig: LocalRig, tmp_path: Path
) -> None:
    backend = rig.backend()
    directory = backend.directory(T)
    directory.parent.mkdir(parents=True)
    directory.symlink_to(directory)
    async with reading(backend) as news:
        await backend.adopt([T])
        await until(lambda: news.reports)
        await asyncio.sleep(0.2)
        (report,) = news.reports
        assert "symbolic" in str(report)
        directory.unlink()
        assert (await news.gone(T)).preset is ErrorClass.LOST


@pytest.mark.parametrize("adopts", [True, False])
async def test_leftovers_are_ended_and_noted(
    rig: LocalRig, monkeypatch: pytest.MonkeyPatch, adopts: bool
) -> None:
    """Also where the kernel does not hand us the orphans."""
    backend = rig.backend()
    monkeypatch.setattr(backend, "_inherited", replace(backend._inherited, adopts_orphans=adopts))
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "leaves")])
        gone = await news.gone(T)
    assert gone.code == 0
    assert len(rig.pids(T)) == 2
    assert rig.left(T) == []
    assert (backend.directory(T) / "leftovers").read_text(encoding="ascii").count("\n") == 2


async def test_leftovers_are_left_where_that_is_wanted(rig: LocalRig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([replace(rig.program(T, "leaves"), leave_leftovers=True)])
        await news.gone(T)
        other = ref("other")
        await backend.submit([rig.program(other, "exit", "0")])
        await news.gone(other)
        assert len(rig.left(T)) == 2
    for pid in rig.left(T):
        os.kill(pid, signal.SIGKILL)


async def test_a_stop_ends_what_else_would_be_left(rig: LocalRig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([replace(rig.program(T, "forks"), leave_leftovers=True)])
        await until(lambda: rig.began(T, 3))
        await backend.stop([T], 0.1)
        await news.gone(T)
    assert rig.left(T) == []


@pytest.mark.parametrize("leave", [True, False])
async def test_leftovers_of_what_ended_meanwhile(rig: LocalRig, leave: bool) -> None:
    first = rig.backend()
    async with reading(first):
        await first.submit([replace(rig.program(T, "leaves"), leave_leftovers=leave)])
        first.close()
        await until(lambda: read_exit(str(first.directory(T))))
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        assert (await news.gone(T)).code == 0
    assert len(rig.left(T)) == (2 if leave else 0)
    for pid in rig.left(T):
        os.kill(pid, signal.SIGKILL)


async def test_alive_comes_before_gone(rig: LocalRig) -> None:
    backend = rig.backend()
    refs = [ref(f"t{number}") for number in range(30)]
    async with reading(backend) as news:
        await backend.submit([rig.program(each, "exit", "0") for each in refs])
        for each in refs:
            await news.gone(each)
    for each in refs:
        kinds = [type(report) for report in news.reports if report.ref == each]
        assert kinds == [Alive, Gone]


def _runs(pid: int) -> bool:
    try:
        return b") Z " not in Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False


async def test_leftovers_that_do_not_die_do_not_hold_the_task(
    rig: LocalRig, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as what a set-uid program left, which we may not signal."""
    backend = LocalBackend(rig.state, UUID, leftovers_grace_s=0.1, unkillable_s=0.1)
    monkeypatch.setattr(stop, "send", lambda ident, number: False)
    monkeypatch.setattr(stop, "_DEATH_S", 0.01)
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "leaves")])
        assert (await news.gone(T)).code == 0
    assert "leftovers do not die" in caplog.text
    for pid in rig.left(T):
        os.kill(pid, signal.SIGKILL)
    backend.close()


async def test_a_code_of_125_without_a_record_is_the_commands_own(gated: LocalRig) -> None:
    backend = gated.backend()
    (gated.root / "gate").touch()
    async with reading(backend) as news:
        await backend.submit([gated.program(T, "soon", "125")])
        await until(lambda: gated.starts(T))
        (backend.directory(T) / "exit").unlink()
        (backend.directory(T) / "exit").symlink_to("/dev/null")
        assert (await news.gone(T)).code == 125
