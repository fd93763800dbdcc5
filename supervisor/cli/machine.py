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

from supervisor.adapters.logout import lingers, logout_risk
from supervisor.ports import SupervisorError

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
    """Whether systemd ends what is started from here at logout."""
    risk = logout_risk()
    facts = "; ".join(risk.evidence)
    if risk.dies:
        found = f"logout ends the engine and every task ({facts})"
        return Finding(what="logout", level="bad", found=found, cure=risk.cure)
    return Finding(what="logout", level="ok", found=f"processes live on ({facts})")


def linger() -> Finding:
    """Whether this user's services live without a login."""
    user = pwd.getpwuid(os.getuid()).pw_name
    if not Path("/run/systemd/system").is_dir():
        return Finding(what="linger", level="ok", found="no systemd here")
    if lingers(Path("/"), user):
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


def container_engine() -> Finding:
    """Whether a container engine answers, which only batches with containers need."""
    from supervisor.docking import engine_found

    try:
        found, survives = engine_found()
    except SupervisorError as error:
        return Finding(what="docker", level="ok", found=f"none, for batches that need one: {error}")
    cure = "" if survives else '{"live-restore": true} in /etc/docker/daemon.json'
    lives = "" if survives else "; its restart ends what runs in containers"
    return Finding(what="docker", level="ok", found=found + lives, cure=cure)


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


def _unit_is_active(unit: str) -> bool:
    if shutil.which("systemctl") is None:
        return False
    done = subprocess.run(
        ["systemctl", "is-active", "--quiet", unit],
        check=False,
        timeout=10,
        stderr=subprocess.DEVNULL,  # it complains where systemd is installed but does not run
    )
    return done.returncode == 0
