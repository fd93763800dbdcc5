"""Signals reach one process and no other."""

import errno
import os
import signal
import subprocess

import pytest

from supervisor.adapters.local.procfs import Ident, process
from supervisor.adapters.local.signals import open_pidfd, send


def no_pidfd(pid: int, flags: int = 0) -> int:
    raise OSError(errno.ENOSYS, "no such call")


@pytest.mark.parametrize("old_kernel", [False, True])
def test_sends_to_just_this_process(monkeypatch: pytest.MonkeyPatch, old_kernel: bool) -> None:
    if old_kernel:
        monkeypatch.setattr(os, "pidfd_open", no_pidfd)
    with subprocess.Popen(["sleep", "100"]) as child:
        found = process(child.pid)
        assert found is not None
        assert send(Ident(child.pid, found.ident.start + 1), signal.SIGKILL)
        assert child.poll() is None
        assert send(found.ident, signal.SIGTERM)
        assert child.wait(timeout=10) == -signal.SIGTERM
    assert send(found.ident, signal.SIGKILL)


def test_says_when_it_may_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(pidfd: int, number: int) -> None:
        raise PermissionError(errno.EPERM, "another user's")

    monkeypatch.setattr(signal, "pidfd_send_signal", refuse)
    this = process(os.getpid())
    assert this is not None
    assert not send(this.ident, signal.SIGTERM)


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EMFILE])
def test_does_without_a_descriptor(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def refuse(pid: int, flags: int = 0) -> int:
        raise OSError(code, "none")

    monkeypatch.setattr(os, "pidfd_open", refuse)
    assert open_pidfd(os.getpid()) is None


def test_tells_that_a_process_is_gone() -> None:
    child = subprocess.Popen(["true"])
    child.wait()
    with pytest.raises(ProcessLookupError):
        open_pidfd(child.pid)
