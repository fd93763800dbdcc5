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
    ],
)
def test_each_finds_something_here(check: object) -> None:
    finding = check()  # type: ignore[operator]
    assert finding.what
    assert finding.found
    assert finding.level in ("ok", "warn", "bad")


@pytest.mark.parametrize(
    ("main", "extra", "level"),
    [
        ("#KillUserProcesses=yes\n", None, "ok"),
        ("[Login]\nKillUserProcesses=yes\n", None, "bad"),
        ("KillUserProcesses=no\n", "[Login]\nKillUserProcesses=1\n", "bad"),
        ("KillUserProcesses=yes\n", "KillUserProcesses=no\n", "ok"),
    ],
)
def test_logind_is_read_as_systemd_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, main: str, extra: str | None, level: str
) -> None:
    (tmp_path / "logind.conf").write_text(main)
    folder = tmp_path / "logind.conf.d"
    folder.mkdir()
    if extra is not None:
        (folder / "50-site.conf").write_text(extra)
    places = (str(tmp_path / "logind.conf"), str(folder), str(tmp_path / "none"))
    monkeypatch.setattr(machine, "_LOGIND", places)
    finding = machine.logout_kills()
    assert finding.level == level
    assert ("--service" in finding.cure) == (level == "bad")


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
