"""What this machine does to processes of people who log out."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path

_SETTING = re.compile(r"^\s*(#?)\s*(KillUserProcesses|KillOnlyUsers|KillExcludeUsers)\s*=(.*)$")
_CONFIG_PLACES = ("usr/local/lib/systemd", "usr/lib/systemd", "lib/systemd", "run/systemd")
"""Lower in rank than ``/etc/systemd``, in rising order."""
_CURE = "overnight run FILE --service"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoutRisk:
    """Whether processes started from here are killed when their user logs out."""

    dies: bool
    evidence: tuple[str, ...]
    """What was found where, one fact a line."""
    cure: str = ""
    """The command that helps; empty if nothing needs help."""


def logout_risk(root: Path = Path("/"), user: str | None = None) -> LogoutRisk:
    """Return what happens at logout to what this process starts; reads files only.

    ``root`` is where the file system begins, ``user`` whose name counts (default: ours).
    """
    name = user or getuser()
    if not (root / "run/systemd/system").is_dir():
        return LogoutRisk(dies=False, evidence=("systemd does not run here",))
    unit = _unit(root)
    if re.search(r"/user@\d+\.service(/|$)", unit):
        return _risk_of_user_manager(root, name, unit)
    if re.search(r"/session-[^/]+\.scope$", unit):
        return _risk_of_session(root, name, unit)
    return LogoutRisk(dies=False, evidence=(f"not part of a login: cgroup {unit or 'unknown'}",))


def lingers(root: Path, user: str) -> bool:
    """Tell whether the user's own systemd goes on without a login."""
    return (root / "var/lib/systemd/linger" / user).exists()


def _risk_of_user_manager(root: Path, user: str, unit: str) -> LogoutRisk:
    linger = lingers(root, user)
    return LogoutRisk(
        dies=not linger,
        evidence=(f"runs under the user's systemd: cgroup {unit}", _linger_fact(user, linger)),
        cure="" if linger else f"loginctl enable-linger {user}",
    )


def _risk_of_session(root: Path, user: str, unit: str) -> LogoutRisk:
    settings, origins = _logind(root)
    spared = (settings.get("KillExcludeUsers") or "root").split()
    only = settings.get("KillOnlyUsers", "").split()
    kills = settings.get("KillUserProcesses", "no").lower() in {"yes", "true", "1", "on"}
    dies = kills and user not in spared and (not only or user in only)
    where = origins.get("KillUserProcesses", "its built-in default")
    facts = [
        f"part of a login session: cgroup {unit}",
        f"KillUserProcesses={'yes' if kills else 'no'} by {where}",
    ]
    if kills and not dies:
        facts.append(f"user {user} is spared (KillExcludeUsers or KillOnlyUsers)")
    if dies:
        facts.append(_linger_fact(user, lingers(root, user)))
    return LogoutRisk(dies=dies, evidence=tuple(facts), cure=_CURE if dies else "")


def _linger_fact(user: str, linger: bool) -> str:
    return f"user {user} {'lingers' if linger else 'does not linger'} (/var/lib/systemd/linger)"


def _unit(root: Path) -> str:
    """Return the path of our cgroup in the hierarchy that systemd manages."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    paths = dict(line.split(":", 2)[1:] for line in lines if line.count(":") >= 2)
    return paths.get("name=systemd") or paths.get("", "")


def _logind(root: Path) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return the settings in force and the file each came from; the last one read wins."""
    settings: dict[str, str] = {}
    origins: dict[str, str] = {}
    for path in _logind_files(root):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            found = _SETTING.match(line)
            # In the file as it was packaged, a commented line tells the built-in default.
            if found and (not found[1] or found[2] not in settings):
                settings[found[2]] = found[3].strip()
                origins[found[2]] = f"{path}{' (built-in default)' if found[1] else ''}"
    return settings, origins


def _logind_files(root: Path) -> Iterator[Path]:
    """Yield the main file, then the drop-ins by name; of equal names only the highest-ranking."""
    folders = [root / place for place in (*_CONFIG_PLACES, "etc/systemd")]
    mains = [path for path in (one / "logind.conf" for one in folders) if path.is_file()]
    yield from mains[-1:]
    drop_ins = {
        path.name: path for one in folders for path in (one / "logind.conf.d").glob("*.conf")
    }
    for name in sorted(drop_ins):
        yield drop_ins[name]
