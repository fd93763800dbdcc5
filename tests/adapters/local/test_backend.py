"""What only the local backend does; the rest is in the contract suite."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.adapters.local.spawn import Spawner
from supervisor.core.models import ErrorClass
from tests.contract.backend_rigs import LocalRig, reading, ref
from tests.support import until

T = ref()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[LocalRig]:
    rig = LocalRig(tmp_path)
    yield rig
    rig.close()


def test_says_what_it_can(rig: LocalRig) -> None:
    assert rig.backend().traits.survives_engine


async def test_remembers_whom_it_measured(rig: LocalRig) -> None:
    """A process that kept nothing at all of its attempt, but had been seen among its children."""
    script = f"""
import os, sys, time
if os.fork() == 0:
    os.setsid()
    os.closerange(0, 3)
    if os.fork() == 0:
        with open({str(rig.root / "pids-g-t-1")!r}, "a") as file:
            print(os.getpid(), file=file)
        os.execve("/bin/sleep", ["sleep", "1000"], {{}})
    while not os.path.exists({str(rig.root / "go")!r}):
        time.sleep(0.01)
    os._exit(0)
os.wait()
time.sleep(1000)
"""
    program = replace(rig.program(T, "run"), argv=(sys.executable, "-S", "-c", script))
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([program])
        await until(lambda: rig.began(T))
        (escaped,) = rig.left(T)
        await until(lambda: Path(f"/proc/{escaped}/comm").read_text(encoding="ascii") == "sleep\n")
        assert (await backend.usage([T]))[T].processes == 3
        (rig.root / "go").touch()
        await until(lambda: _parent(escaped) == os.getpid())
        await backend.stop([T], 5)
        await news.gone(T)
    assert rig.left(T) == []


async def test_counts_the_work_of_children_that_ended(rig: LocalRig) -> None:
    script = "import time; [None for _ in range(3_000_000)]"
    program = replace(
        rig.program(T, "run"),
        argv=("sh", "-c", f'{sys.executable} -S -c "{script}"; touch done; exec sleep 1000'),
    )
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([program])
        await until((rig.root / "done").exists)
        usage = (await backend.usage([T]))[T]
        await backend.stop([T], 5)
        await news.gone(T)
    assert usage.cpu_s > 0.01


async def test_a_launch_is_noted_even_if_nobody_waits_for_it(rig: LocalRig) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await backend.submit([rig.program(T, "soon", "2")])
        assert (await news.gone(T)).code == 2


async def test_a_fault_of_ours_reaches_the_reader(
    rig: LocalRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Spawner, tries: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(Spawner, "spawn", fail)
    backend = rig.backend()
    with pytest.raises(RuntimeError, match="a bug"):
        await backend.submit([rig.program(T, "exit", "0")])
    with pytest.raises(RuntimeError, match="a bug"):
        async with aclosing(backend.reports()) as reports:
            await anext(reports)


async def test_what_runs_outlives_a_closed_backend(rig: LocalRig) -> None:
    first = rig.backend()
    async with reading(first) as news:
        await first.submit([rig.program(T, "soon", "0")])
        await news.alive(T)
        first.close()
        first.close()
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        assert (await news.gone(T)).code == 0
    assert rig.starts(T) == 1


async def test_a_process_that_ran_out_of_memory(
    rig: LocalRig, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "run"), rig.program(ref("u"), "run")])
        await until(lambda: rig.began(T) and rig.began(ref("u")))
        os.kill(rig.left(T)[0], signal.SIGKILL)
        assert not (await news.gone(T)).oom_killed
        monkeypatch.setattr(backend._life._oom, "_kills", -1)
        os.kill(rig.left(ref("u"))[0], signal.SIGKILL)
        assert (await news.gone(ref("u"))).oom_killed


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(directory)]
    subprocess.run(command, check=True)
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)


@pytest.mark.mount
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
async def test_a_full_disk_refuses_launches_and_loses_no_end(small_disk: Path) -> None:
    rig = LocalRig(small_disk)
    program = replace(rig.program(T, "run"), argv=("sh", "-c", "sleep 0.5; exit 3"))
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([program])
        await until((backend.directory(T) / "started").exists)
        _fill(small_disk)
        await backend.submit([rig.program(ref("u"), "exit", "0")])
        refused = await news.gone(ref("u"))
        assert (await news.gone(T)).code == 3
    assert (refused.code, refused.preset) == (None, ErrorClass.DISK_FULL)
    assert "No space left" in refused.cause
    second = rig.backend()
    async with reading(second) as news:
        await second.adopt([T])
        assert (await news.gone(T)).code == 3
    rig.close()


@pytest.mark.mount
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
async def test_a_claim_that_does_not_fit_is_a_full_disk(small_disk: Path) -> None:
    shell = small_disk.parent / "filling-sh"
    filler = f"cat /dev/zero >>{small_disk}/filler"
    shell.write_text(f'#!/bin/sh\n{filler} 2>/dev/null\nexec /bin/sh "$@"\n', encoding="ascii")
    shell.chmod(0o700)
    rig = LocalRig(small_disk, shell=(str(shell),))
    backend = rig.backend()
    async with reading(backend) as news:
        await backend.submit([rig.program(T, "exit", "0")])
        gone = await news.gone(T)
    assert (gone.code, gone.preset) == (None, ErrorClass.DISK_FULL)
    assert "no space in" in gone.cause
    assert rig.starts(T) == 0
    rig.close()


def _fill(directory: Path) -> None:
    with (directory / "filler").open("wb", buffering=0) as filler:
        for size in (4096, 1):
            while True:
                try:
                    filler.write(bytes(size))
                except OSError:
                    break


def _parent(pid: int) -> int:
    stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    return int(stat.rpartition(")")[2].split()[1])
