"""What a logout does, by the files of a made-up machine."""

from pathlib import Path

import pytest

from supervisor.adapters.logout import lingers, logout_risk

SESSION = "0::/user.slice/user-1000.slice/session-3.scope\n"
MANAGER = "0::/user.slice/user-1000.slice/user@1000.service/app.slice/overnight.service\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return tmp_path


def place(root: Path, path: str, text: str) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def test_without_systemd_nobody_is_killed(tmp_path: Path) -> None:
    assert not logout_risk(tmp_path, "eva").dies


def test_our_own_machine_can_be_asked() -> None:
    assert logout_risk().evidence


@pytest.mark.parametrize("cgroup", ["0::/system.slice/cron.service\n", "0::/\n", "garbage\n", None])
def test_outside_of_a_login_nobody_is_killed(root: Path, cgroup: str | None) -> None:
    if cgroup is not None:
        place(root, "proc/self/cgroup", cgroup)
    place(root, "etc/systemd/logind.conf", "[Login]\nKillUserProcesses=yes\n")
    risk = logout_risk(root, "eva")
    assert (risk.dies, risk.cure) == (False, "")
    assert "not part of a login" in risk.evidence[0]


@pytest.mark.parametrize(
    ("files", "dies", "evidence"),
    [
        ({}, False, "KillUserProcesses=no by its built-in default"),
        ({"etc/systemd/logind.conf": "KillUserProcesses=yes"}, True, "etc/systemd/logind.conf"),
        ({"etc/systemd/logind.conf": " KillUserProcesses = true "}, True, "KillUserProcesses=yes"),
        ({"usr/lib/systemd/logind.conf": "#KillUserProcesses=yes"}, True, "(built-in default)"),
        (
            {
                "usr/lib/systemd/logind.conf": "#KillUserProcesses=yes",
                "etc/systemd/logind.conf": "KillUserProcesses=no",
            },
            False,
            "KillUserProcesses=no by",
        ),
        (
            {
                "etc/systemd/logind.conf": "KillUserProcesses=no\n#KillUserProcesses=yes",
                "etc/systemd/logind.conf.d/50-site.conf": "[Login]\nKillUserProcesses=1",
            },
            True,
            "50-site.conf",
        ),
        (
            {
                "run/systemd/logind.conf.d/50-site.conf": "KillUserProcesses=yes",
                "etc/systemd/logind.conf.d/50-site.conf": "# switched off here",
            },
            False,
            "KillUserProcesses=no",
        ),
        (
            {
                "etc/systemd/logind.conf": "KillUserProcesses=yes",
                "usr/lib/systemd/logind.conf.d/60-evals.conf": "KillExcludeUsers=root eva",
            },
            False,
            "eva is spared",
        ),
        (
            {"etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=guest"},
            False,
            "eva is spared",
        ),
        (
            {"etc/systemd/logind.conf": "KillUserProcesses=yes\nKillOnlyUsers=eva bob"},
            True,
            "does not linger",
        ),
    ],
)
def test_a_login_session_dies_if_logind_says_so(
    root: Path, files: dict[str, str], dies: bool, evidence: str
) -> None:
    place(root, "proc/self/cgroup", SESSION)
    for path, text in files.items():
        place(root, path, text + "\n")
    risk = logout_risk(root, "eva")
    assert risk.dies is dies
    assert evidence in "\n".join(risk.evidence)
    assert bool(risk.cure) is dies


def test_root_is_spared_by_default(root: Path) -> None:
    place(root, "proc/self/cgroup", SESSION)
    place(root, "etc/systemd/logind.conf", "KillUserProcesses=yes\n")
    assert not logout_risk(root, "root").dies


def test_the_users_systemd_ends_with_the_last_login_unless_it_lingers(root: Path) -> None:
    place(root, "proc/self/cgroup", MANAGER)
    risk = logout_risk(root, "eva")
    assert risk.dies
    assert "enable-linger" in risk.cure
    place(root, "var/lib/systemd/linger/eva", "")
    assert lingers(root, "eva")
    assert not logout_risk(root, "eva").dies


def test_the_old_hierarchy_of_cgroups_is_read(root: Path) -> None:
    place(root, "proc/self/cgroup", f"3:cpu:/x\n1:name=systemd:{SESSION[3:-1]}\n0::/\n")
    place(root, "etc/systemd/logind.conf", "KillUserProcesses=yes\n")
    assert logout_risk(root, "eva").dies
