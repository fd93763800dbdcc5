"""What the doctor looks at."""

import os
from pathlib import Path

import pytest

from supervisor.cli import machine


@pytest.mark.parametrize(
    "check",
    [
        machine.platform,
        machine.python,
        machine.import_clash,
        machine.scanner,
        machine.logout_kills,
        machine.linger,
        machine.oomd,
        machine.watches,
        machine.descriptors,
        machine.socket_place,
        machine.container_engine,
    ],
)
def test_each_finds_something_here(check: object) -> None:
    finding = check()  # type: ignore[operator]
    assert finding.what
    assert finding.found
    assert finding.level in ("ok", "warn", "bad")


def test_oomd_is_asked_of_systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "systemctl"
    fake.write_text('#!/bin/sh\n[ "$3" = systemd-oomd.service ]\n')
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert machine.oomd().level == "warn"
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    assert machine.oomd().level == "ok"


def test_a_long_home_has_its_socket_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/h" * 50)
    assert machine.socket_place().level == "warn"


def test_another_system_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.system, "system", lambda: "Darwin")
    assert machine.platform().level == "bad"


def test_few_descriptors_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine.resource, "getrlimit", lambda _: (256, 1024))
    assert "1024" in machine.descriptors().found
    assert machine.descriptors().level == "warn"


def test_a_machine_without_a_container_engine_is_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none")
    finding = machine.container_engine()
    assert finding.level == "ok"
    assert finding.found.startswith("none, for batches that need one")
