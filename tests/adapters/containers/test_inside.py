"""Files inside of a container, seen through its first process. Here that process is this very test."""

import os
from pathlib import Path

import pytest

from supervisor.adapters.containers import inside
from supervisor.adapters.containers.inside import HiddenError

ME = os.getpid()


def test_when_a_file_was_written(tmp_path: Path) -> None:
    file = tmp_path / "error.log"
    assert inside.written_at(ME, str(file)) is None
    file.write_text("401")
    os.utime(file, (5, 7))
    assert inside.written_at(ME, str(file)) == 7
    assert inside.read(ME, str(file), 2) == b"40"
    assert inside.read(ME, str(tmp_path / "none"), 2) is None


def test_no_link_leads_out(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    (tmp_path / "link").symlink_to(secret)
    (tmp_path / "folder").symlink_to(tmp_path)
    assert inside.read(ME, str(tmp_path / "link"), 9) is None
    assert inside.read(ME, str(tmp_path / "folder/secret"), 9) is None
    assert inside.written_at(ME, str(tmp_path / "link")) is None
    assert inside.written_at(ME, str(tmp_path / "folder/secret")) is None
    assert inside.newest_in(ME, str(tmp_path / "folder")) is None


def test_only_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert inside.read(ME, str(tmp_path / "pipe"), 9) is None
    assert inside.read(ME, str(tmp_path), 9) is None
    assert inside.written_at(ME, str(tmp_path)) is None


def test_the_newest_of_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("")
    (tmp_path / "new").write_text("")
    os.utime(tmp_path / "old", (0, 100))
    os.utime(tmp_path / "new", (0, 4_000_000_000))
    assert inside.newest_in(ME, str(tmp_path)) == 4_000_000_000
    assert inside.newest_in(ME, str(tmp_path / "none")) is None


def test_a_process_that_is_gone_has_no_files() -> None:
    assert inside.written_at(2**22 + 1, "/etc/passwd") is None
    assert inside.newest_in(2**22 + 1, "/etc") is None


def test_what_the_kernel_hides_is_said_to_be_hidden() -> None:
    if os.geteuid() == 0:
        return  # nothing is hidden from root; CI runs this as an ordinary user
    with pytest.raises(HiddenError):
        inside.written_at(1, "/etc/passwd")


def test_no_descriptor_is_left(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    inside.written_at(ME, str(tmp_path / "a/b/c/d"))
    inside.read(ME, str(tmp_path / "a/x"), 3)
    inside.newest_in(ME, str(tmp_path))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - a count
