"""An engine can be found, and its end can be told from its life."""

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.engine.announce import (
    EngineInfo,
    NoPlaceError,
    announce,
    boot_id,
    choose_socket,
    is_alive,
    read_info,
    registry_dir,
    say_ended,
    start_time,
    write_json,
)
from tests.support import until_sync

UUID = "0123456789abcdef-0123456789abcdef"


def info(directory: Path) -> EngineInfo:
    started = start_time(os.getpid())
    assert started is not None
    return EngineInfo(
        pid=os.getpid(),
        start_time=started,
        boot_id=boot_id(),
        host=socket.gethostname(),
        api=1,
        version="0",
        socket="/nowhere",
        uuid=UUID,
        batch="night",
        directory=str(directory),
        source="night.yaml",
        started_at=1.0,
    )


def test_announced_in_the_directory_and_in_the_registry(tmp_path: Path) -> None:
    home, state = tmp_path / "home", tmp_path / "state"
    state.mkdir()
    announce(info(state), home)
    assert read_info(state / "engine.json") == info(state)
    copy = registry_dir(home) / "0123456789abcdef.json"
    assert read_info(copy) == info(state)
    assert copy.stat().st_mode & 0o777 == 0o600
    assert copy.parent.stat().st_mode & 0o777 == 0o700


def test_an_ended_engine_is_not_alive_but_still_known(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    assert is_alive(info(state))
    say_ended(info(state), tmp_path, why="done", now=9.0)
    ended = read_info(state / "engine.json")
    assert ended is not None
    assert ended.ended == "done"
    assert not is_alive(ended)


def test_another_boot_host_or_process_is_not_alive(tmp_path: Path) -> None:
    here = info(tmp_path)
    assert not is_alive(replace(here, boot_id="other"))
    assert not is_alive(replace(here, host="other"))
    assert not is_alive(replace(here, start_time=here.start_time + 1))


def test_a_zombie_is_no_process() -> None:
    child = subprocess.Popen([sys.executable, "-c", "pass"])
    until_sync(lambda: start_time(child.pid) is None)
    child.wait()
    assert start_time(child.pid) is None


def test_files_that_are_not_ours_are_no_engines(tmp_path: Path) -> None:
    assert read_info(tmp_path / "missing") is None
    for text in ("", "[]", "{}", '{"pid": 1}'):
        (tmp_path / "x").write_text(text)
        assert read_info(tmp_path / "x") is None


@pytest.fixture
def short_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir="/tmp") as directory:
        yield Path(directory)


def test_the_socket_lies_in_the_home_directory(short_home: Path) -> None:
    path = choose_socket(UUID, short_home)
    assert path == short_home / ".local/state/overnight/run/0123456789abcdef.sock"
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_a_home_with_a_long_name_leads_to_tmp(tmp_path: Path) -> None:
    path = choose_socket(UUID, tmp_path / ("x" * 120))
    assert path.parent == Path(f"/tmp/overnight-{os.getuid()}")


def test_a_place_that_is_not_private_is_refused(
    short_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = short_home / ".local/state/overnight/run"
    run.parent.mkdir(parents=True)
    run.symlink_to(short_home)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
    Path("/tmp/overnight-4000000").mkdir(exist_ok=True)
    try:
        with pytest.raises(NoPlaceError, match="not a directory of this user"):
            choose_socket(UUID, short_home)
    finally:
        Path("/tmp/overnight-4000000").rmdir()


def test_json_is_replaced_whole_and_leaves_nothing_beside(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", {"a": 1})
    with pytest.raises(TypeError):
        write_json(tmp_path / "a.json", {"a": object()})
    assert (tmp_path / "a.json").read_text() == '{"a": 1}'
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
