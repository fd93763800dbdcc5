"""``run --service``: what systemd is told."""

import configparser
import os
import sys
from pathlib import Path
from types import MappingProxyType

import pytest

from supervisor.cli import service
from supervisor.cli.words import CommandError
from supervisor.core.models import BatchSpec, GroupId, GroupSpec
from supervisor.core.options import RunOptions
from tests.cli.conftest import Place


def spec(directory: str, *names: str) -> BatchSpec:
    return BatchSpec(
        name="my night/1",
        directory=directory,
        source=f"{directory}/night.yaml",
        env_names=names,
        env_stored=MappingProxyType({"PATH": "/bin:/usr/bin"}),
        groups=(GroupSpec(name=GroupId("g")),),
        tasks=(),
    )


def test_the_unit_for_the_next_boot() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read_string(service.unit_text(spec("/a b/.overnight/night")))
    assert unit["Service"]["ExecStart"] == (
        f'"{sys.executable}" "-P" "-m" "supervisor.cli.engine" "/a b/.overnight/night"'
    )
    assert unit["Service"]["KillMode"] == "process"
    assert unit["Service"]["Environment"] == '"PATH=/bin:/usr/bin"'
    assert unit["Install"]["WantedBy"] == "default.target"


def test_names_are_plain_and_differ_by_place() -> None:
    one, two = (service.unit_name(spec(place)) for place in ("/a", "/b"))
    assert one != two
    assert one.startswith("overnight-my-night-1-")


def test_values_of_the_environment_are_not_on_the_command_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TOKEN_NAME", "hunter2")
    command = service.run_command("unit", spec("/a", "TOKEN_NAME", "NOT_SET"))
    assert "--setenv=TOKEN_NAME" in command
    assert "hunter2" not in " ".join(command)
    assert not any("NOT_SET" in word for word in command)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put stand-ins for systemd's commands on PATH; they note how they were called."""
    folder, heard = tmp_path / "bin", tmp_path / "heard"
    folder.mkdir()
    for name in ("systemd-run", "systemctl", "loginctl"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> {heard}\n')
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return heard


def test_it_is_enabled_and_started(place: Place, tools: Path) -> None:
    info = place.running()
    before = place.info(pid=2**22 + 1)
    assert before.directory == info.directory
    heard = tools

    # The engine that the stand-in does not start is announced by the test instead.
    (heard.parent / "bin/systemd-run").write_text(
        f"#!/bin/sh\necho run >> {heard}\ncp {place.path}/engine.json {info.directory}/engine.json\n"
    )
    place.running("other")
    (place.path / "engine.json").write_text(
        (Path(place.path) / ".overnight/other/engine.json").read_text()
    )
    launched = service.launch_service(spec(info.directory), RunOptions())
    assert launched.info is not None
    lines = heard.read_text().splitlines()
    assert lines[0].startswith("loginctl enable-linger ")
    assert lines[1] == "systemctl --user daemon-reload"
    assert lines[2].startswith("systemctl --user enable overnight-my-night-1-")
    assert lines[3] == "run"
    (unit,) = (place.home / ".config/systemd/user").iterdir()
    assert unit.name.endswith("-boot.service")


def test_what_systemd_refuses_is_told(place: Place, tools: Path) -> None:
    (tools.parent / "bin/loginctl").write_text("#!/bin/sh\necho 'no bus' >&2; exit 1\n")
    with pytest.raises(CommandError, match="loginctl: no bus"):
        service.launch_service(spec(str(place.path)), RunOptions())


def test_without_systemd(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/none")
    with pytest.raises(CommandError, match="--service needs systemd"):
        service.launch_service(spec(str(place.path)), RunOptions())
