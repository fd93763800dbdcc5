"""Engines as real processes: how they are started, refused, and what they never import."""

import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.bootstrap import connect, find_batches, launch_engine
from supervisor.core.intents import Stop
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.announce import is_alive
from supervisor.engine.launch import Launched, write_launch
from supervisor.ports import ConfigError, EngineBusyError, EngineGoneError
from tests.engine.batches import ONCE, spec_of
from tests.support import until_sync


@pytest.fixture
def home(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Engines announce themselves in a home of their own; compiled rules are shared."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    return tmp_path


@pytest.fixture
def engines(home: Path) -> Iterator[list[Launched]]:
    """Engines that a test started; none outlives it."""
    started: list[Launched] = []
    yield started
    for one in started:
        if one.info is not None and is_alive(one.info):
            os.kill(one.info.pid, signal.SIGKILL)


def night(home: Path, run: str, *names: str) -> BatchSpec:
    spec = spec_of(
        *(names or ("g/a", "g/b")),
        directory=str(home / ".overnight" / "night"),
        retry=ONCE,
        run=run,
    )
    return replace(spec, source=str(home / "night.yaml"))


def start(spec: BatchSpec, engines: list[Launched], options: RunOptions | None = None) -> Launched:
    launched = launch_engine(spec, options or RunOptions())
    engines.append(launched)
    return launched


def has_ended(launched: Launched) -> bool:
    return launched.info is None or not is_alive(launched.info)


def test_a_second_engine_is_refused_with_pid_and_way_out(
    home: Path, engines: list[Launched]
) -> None:
    spec = night(home, "sleep 30")
    first = start(spec, engines)
    assert first.info is not None
    with pytest.raises(EngineBusyError, match=f"pid {first.info.pid}.*overnight attach night"):
        start(spec, engines)
    assert is_alive(first.info)
    assert os.getsid(first.info.pid) == first.info.pid
    assert find_batches() == [(first.info, True)]


async def test_an_engine_is_stopped_over_its_socket(home: Path, engines: list[Launched]) -> None:
    launched = start(night(home, "sleep 30"), engines)
    assert launched.info is not None
    api = connect(launched.info)
    assert (await api.snapshot()).head.batch == "night"
    assert (await api.submit(Stop(), "test")).ok
    until_sync(lambda: has_ended(launched))
    [(info, alive)] = find_batches()
    assert (info.ended, alive) == ("stopped", False)


def test_nothing_to_do_is_said_with_the_exit_code(home: Path, engines: list[Launched]) -> None:
    spec = night(home, 'test "$OVERNIGHT_TASK" = g/a')
    until_sync(lambda: has_ended(first)) if (first := start(spec, engines)) else None
    again = start(spec, engines)
    assert again.nothing_to_do
    assert again.info is None
    assert again.exit == 1
    assert again.messages


def test_fresh_moves_the_old_state_aside(home: Path, engines: list[Launched]) -> None:
    spec = night(home, "true")
    first = start(spec, engines)
    until_sync(lambda: has_ended(first))
    second = start(spec, engines, RunOptions(fresh=True))
    until_sync(lambda: has_ended(second))
    assert first.info is not None
    assert second.info is not None
    assert second.info.uuid != first.info.uuid
    [aside] = Path(spec.directory).parent.glob("night.old-*")
    assert (aside / "state.db").exists()
    assert any(str(aside) in message for message in second.messages)
    assert (Path(spec.directory) / "batch_summary.json").exists()


def test_fresh_is_refused_while_attempts_live(home: Path, engines: list[Launched]) -> None:
    spec = night(home, "echo $$ > $OVERNIGHT_TASK_DIR/pid; exec sleep 30", "g/a")
    first = start(spec, engines)
    assert first.info is not None
    pid = Path(spec.directory) / "tasks/g/a/pid"
    until_sync(lambda: pid.exists() and pid.read_text())
    os.kill(first.info.pid, signal.SIGKILL)
    until_sync(lambda: has_ended(first))
    with pytest.raises(ConfigError, match=r"--fresh: 1 attempts .*g/a.*overnight stop night"):
        start(spec, engines, RunOptions(fresh=True))
    assert not list(Path(spec.directory).parent.glob("night.old-*"))
    os.kill(int(pid.read_text()), signal.SIGKILL)


def test_another_file_with_the_same_batch_name_is_refused(
    home: Path, engines: list[Launched]
) -> None:
    spec = night(home, "true")
    Path(spec.source).touch()
    until_sync(lambda: has_ended(first)) if (first := start(spec, engines)) else None
    other = home / "other.yaml"
    other.touch()
    with pytest.raises(ConfigError, match=r"night\.yaml.*other\.yaml.*batch: NAME"):
        start(replace(spec, source=str(other)), engines)


def test_a_state_that_cannot_be_read_is_refused_with_words(
    home: Path, engines: list[Launched]
) -> None:
    spec = night(home, "true")
    directory = write_launch(spec, RunOptions())
    (directory / "engine.lock").mkdir()
    with pytest.raises(EngineGoneError):
        start(spec, engines)


def test_attempts_inherit_neither_the_engine_s_names_nor_its_mask(
    home: Path, engines: list[Launched], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERNIGHT_SECRET", "x")
    monkeypatch.setenv("FROM_SHELL", "y")
    before = os.umask(0o022)
    try:
        run = "env > out; umask >> out; ls -l /proc/self/fd >> out"
        spec = night(home, f"cd {home}; {run}", "g/a")
        launched = start(spec, engines)
    finally:
        os.umask(before)
    until_sync(lambda: has_ended(launched))
    out = (home / "out").read_text()
    assert "FROM_SHELL=y" in out
    assert "OVERNIGHT_SECRET" not in out
    assert "\n0022\n" in out
    assert "pipe:" not in out
