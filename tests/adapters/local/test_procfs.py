"""What the kernel says about processes."""

import os
import subprocess
import sys

import pytest

from supervisor.adapters.local import procfs
from tests.support import until_sync


def test_reads_a_name_with_parentheses_and_blanks() -> None:
    line = b"42 (a b) (c)) S 7 42 40 0 -1 0 0 0 0 0 100 50 25 25 20 0 1 0 9999 1000 3 " + b"0 " * 20
    found = procfs.parse_stat(line)
    assert found.ident == procfs.Ident(42, 9999)
    assert (found.name, found.state, found.parent, found.session) == ("a b) (c)", "S", 7, 40)
    assert found.cpu_s == 200 / procfs.TICKS_PER_S
    assert found.rss_bytes == 3 * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.parametrize("line", [b"", b"42 (a", b"42 (a) S 1 2 3"])
def test_refuses_half_a_line(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"stat|found"):
        procfs.parse_stat(line)


def test_knows_this_process() -> None:
    this = procfs.process(os.getpid())
    assert this is not None
    assert this.parent == os.getppid()
    assert this.session == os.getsid(0)
    assert procfs.lives(this.ident)
    assert not procfs.lives(procfs.Ident(this.ident.pid, this.ident.start - 1))
    assert procfs.processes()[os.getpid()].ident == this.ident


def test_a_zombie_does_not_live() -> None:
    with subprocess.Popen(["true"]) as child:
        until_sync(lambda: (found := procfs.process(child.pid)) and found.dead)
        found = procfs.process(child.pid)
        assert found is not None
        assert not procfs.lives(found.ident)
        assert child.pid in procfs.children()
    assert procfs.process(child.pid) is None
    assert child.pid not in procfs.children()


def test_reads_environment_arguments_and_outputs() -> None:
    code = "import time; print('up', flush=True); time.sleep(100)"
    child = subprocess.Popen(
        [sys.executable, "-S", "-c", code, "last"],
        env={"MARK": "yes"},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        assert b"MARK=yes" in procfs.environ(child.pid).split(b"\0")
        assert procfs.command_line(child.pid).endswith(b"\0last\0")
        assert list(procfs.outputs(child.pid))[1] == os.devnull
        child.kill()
    assert procfs.environ(child.pid) == b""
    assert procfs.command_line(child.pid) == b""
    assert list(procfs.outputs(child.pid)) == []


def test_how_long_a_process_waited_for_a_core() -> None:
    assert procfs.waited_s(os.getpid()) >= 0.0
    assert procfs.waited_s(2**22 + 1) == 0.0
