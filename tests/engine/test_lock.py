"""One engine per state directory, whatever happens to the lock file."""

import json
import os
import socket
from pathlib import Path

import pytest

from supervisor.engine.lock import EngineLock
from supervisor.ports import EngineBusyError


def test_a_second_engine_is_refused_with_pid_and_way_out(tmp_path: Path) -> None:
    lock = EngineLock(tmp_path, "night")
    with pytest.raises(EngineBusyError) as refusal:
        EngineLock(tmp_path, "night")
    assert refusal.value.pid == os.getpid()
    assert str(os.getpid()) in str(refusal.value)
    assert "overnight attach night" in str(refusal.value)
    lock.release()


def test_a_released_lock_lets_the_next_in(tmp_path: Path) -> None:
    EngineLock(tmp_path, "night").release()
    EngineLock(tmp_path, "night").release()


def test_the_lock_of_a_dead_engine_here_is_taken_over(tmp_path: Path) -> None:
    holder = {"host": socket.gethostname(), "pid": 999_999}
    (tmp_path / "engine.lock").write_text(json.dumps(holder))
    EngineLock(tmp_path, "night").release()


def test_the_lock_of_another_host_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "engine.lock").write_text(json.dumps({"host": "node17", "pid": 4}))
    with pytest.raises(EngineBusyError, match=r"node17.*delete .*engine\.lock"):
        EngineLock(tmp_path, "night")


def test_a_file_moved_away_under_the_lock_does_not_count(tmp_path: Path) -> None:
    old = EngineLock(tmp_path, "night")
    (tmp_path / "engine.lock").rename(tmp_path / "elsewhere")
    new = EngineLock(tmp_path, "night")
    with pytest.raises(EngineBusyError):
        EngineLock(tmp_path, "night")
    old.release()
    new.release()


def test_mode_is_private(tmp_path: Path) -> None:
    lock = EngineLock(tmp_path, "night")
    assert (tmp_path / "engine.lock").stat().st_mode & 0o777 == 0o600
    lock.release()
