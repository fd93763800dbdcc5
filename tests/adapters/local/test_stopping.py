"""The order of asking and insisting."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supervisor.adapters.local import LocalBackend
from supervisor.ports import Unknown
from tests.contract.backend_rigs import UUID, LocalRig, reading, ref
from tests.support import until

T = ref()


@contextmanager
def stopped_again_and_again(pid: int) -> Iterator[None]:
    """Keep a process from doing anything but die."""
    script = 'while kill -STOP "$1" 2>/dev/null; do :; done'
    with subprocess.Popen(["sh", "-c", script, "sh", str(pid)]) as stopper:
        yield
        stopper.kill()


async def test_says_so_when_even_force_does_not_help(tmp_path: Path) -> None:
    """With no patience at all every attempt counts as unkillable; later it ends after all."""
    rig = LocalRig(tmp_path)
    backend = LocalBackend(rig.state, UUID, unkillable_s=-1)
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "stubborn")])
        await until(lambda: rig.began(T))
        await backend.stop([T], 0.05)
        await until(lambda: news.reports[1:])
        assert isinstance(news.reports[1], Unknown)
        assert "does not die" in news.reports[1].reason
        os.kill(rig.left(T)[0], signal.SIGKILL)
        assert (await news.gone(T)).code == 137
    backend.close()


async def test_a_shim_that_records_nothing_is_killed_too(tmp_path: Path) -> None:
    rig = LocalRig(tmp_path)
    backend = LocalBackend(rig.state, UUID, record_s=0.1)
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "stubborn")])
        await until(lambda: rig.began(T))
        shim = (await news.alive(T)).pid or 0
        with stopped_again_and_again(shim):
            await backend.stop([T], 0.05)
            gone = await news.gone(T)
    assert gone.code == 137
    backend.close()


async def test_does_not_ask_what_a_command_cleans_up_with(tmp_path: Path) -> None:
    rig = LocalRig(tmp_path)
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "tidies")])
        await until(lambda: rig.began(T))
        await backend.stop([T], 20)
        assert (await news.gone(T)).code == 6
    assert (backend.directory(T) / "stdout.log").read_bytes() == b"tidied\n"
    rig.close()


async def test_asks_many_in_one_go(tmp_path: Path) -> None:
    rig = LocalRig(tmp_path)
    backend = rig.backend()
    refs = [ref(f"t{number}") for number in range(30)]
    async with reading(backend) as news:
        await backend.submit([rig.program(each, "run") for each in refs])
        await backend.stop(refs, 20)
        assert {(await news.gone(each)).code for each in refs} == {143}
    rig.close()
