"""What this machine is like, as far as it matters to a long night."""

import os
import platform as system
import pwd
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

_LOGIND = (
    "/etc/systemd/logind.conf",
    "/etc/systemd/logind.conf.d",
    "/run/systemd/logind.conf.d",
    "/usr/lib/systemd/logind.conf.d",
)
_FEW_WATCHES = 8192
_FEW_DESCRIPTORS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    level: Literal["ok", "warn", "bad"]
    found: str
    cure: str = ""


def platform() -> Finding:
    """Linux 5.3 or newer on a processor that we know."""
    name = f"{system.system()} {system.release()} on {system.machine()}"
    if system.system() != "Linux":
        return Finding(
            what="platform",
            level="bad",
            found=f"{name} is not supported yet",
            cure="run it on Linux, or under WSL2",
        )
    if not hasattr(os, "pidfd_open"):
        return Finding(what="platform", level="warn", found=f"{name}: no pidfd, so ends are polled")
    return Finding(what="platform", level="ok", found=name)


def python() -> Finding:
    """Python 3.11 or newer."""
    found = f"{system.python_version()} at {sys.executable}"
    level: Literal["ok", "bad"] = "ok" if sys.version_info >= (3, 11) else "bad"
    cure = "" if level == "ok" else "install overnight with Python 3.11 or newer"
    return Finding(what="python", level=level, found=found, cure=cure)


def import_clash() -> Finding:
    """supervisord's package has our import name."""
    try:
        other = version("supervisor")
    except PackageNotFoundError:
        return Finding(what="supervisord", level="ok", found="not in this environment")
    return Finding(
        what="supervisord",
        level="bad",
        found=f"supervisor {other} is installed beside overnight and has the same import name",
        cure="give overnight an environment of its own: pipx install overnight",
    )


def scanner() -> Finding:
    """The fast scanner, or what stands in for it."""
    for name in ("hyperscan", "re2"):
        if find_spec(name) is not None:
            return Finding(what="scanner", level="ok", found=name)
    return Finding(
        what="scanner",
        level="warn",
        found="neither hyperscan nor re2: logs are read by Python's re, many times slower",
        cure="pip install hyperscan",
    )


def logout_kills() -> Finding:
    """Whether systemd ends a user's processes at logout."""
    if _kills_user_processes():
        return Finding(
            what="logout",
            level="bad",
            found="KillUserProcesses=yes: logout ends the engine and every task",
            cure="overnight run FILE --service, or set KillUserProcesses=no in logind.conf",
        )
    return Finding(what="logout", level="ok", found="processes live on")


def linger() -> Finding:
    """Whether this user's services live without a login."""
    user = pwd.getpwuid(os.getuid()).pw_name
    if not Path("/run/systemd/system").is_dir():
        return Finding(what="linger", level="ok", found="no systemd here")
    if Path("/var/lib/systemd/linger", user).exists():
        return Finding(what="linger", level="ok", found=f"enabled for {user}")
    return Finding(
        what="linger",
        level="warn",
        found=f"off for {user}: --service would end at logout, and nothing resumes after a reboot",
        cure=f"loginctl enable-linger {user}",
    )


def oomd() -> Finding:
    """Whether systemd-oomd may kill a whole session."""
    if _unit_is_active("systemd-oomd.service"):
        return Finding(
            what="systemd-oomd",
            level="warn",
            found="active: under memory pressure it kills a whole session, engine included",
            cure="overnight run FILE --service keeps the engine apart from your session",
        )
    return Finding(what="systemd-oomd", level="ok", found="not active")


def watches() -> Finding:
    """How many files may be watched."""
    path = Path("/proc/sys/fs/inotify/max_user_watches")
    count = int(path.read_text()) if path.exists() else 0
    if count >= _FEW_WATCHES:
        return Finding(what="inotify", level="ok", found=f"{count} watches")
    return Finding(
        what="inotify",
        level="warn",
        found=f"only {count} watches: beyond them logs are polled",
        cure="sysctl fs.inotify.max_user_watches=524288",
    )


def descriptors() -> Finding:
    """How many files may be open."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard >= _FEW_DESCRIPTORS:
        return Finding(what="open files", level="ok", found=f"limit {hard}")
    return Finding(
        what="open files",
        level="warn",
        found=f"hard limit {hard}",
        cure="raise nofile in /etc/security/limits.conf",
    )


def socket_place() -> Finding:
    """Whether the engine's socket finds a short enough path."""
    run = Path("~/.local/state/overnight/run").expanduser()
    if len(os.fsencode(run)) + 22 <= 100:
        return Finding(what="socket", level="ok", found=str(run))
    return Finding(
        what="socket",
        level="warn",
        found=f"{run} is too long for a socket; /tmp/overnight-{os.getuid()} is used",
    )


def _kills_user_processes() -> bool:
    """Read logind's settings; the last one given counts, as systemd has it."""
    value = "no"
    for place in map(Path, _LOGIND):
        files = sorted(place.glob("*.conf")) if place.is_dir() else [place]
        for file in files:
            value = _setting(file, "KillUserProcesses") or value
    return value.lower() in ("yes", "true", "1", "on")


def _setting(file: Path, key: str) -> str | None:
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    found = [line.partition("=")[2].strip() for line in lines if line.strip().startswith(f"{key}=")]
    return found[-1] if found else None


def _unit_is_active(unit: str) -> bool:
    if shutil.which("systemctl") is None:
        return False
    done = subprocess.run(["systemctl", "is-active", "--quiet", unit], check=False, timeout=10)
    return done.returncode == 0
