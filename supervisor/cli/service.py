"""``run --service``: the engine under the user's systemd, so that logout and reboot end nothing."""

import getpass
import hashlib
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from supervisor.cli.batches import at_directory
from supervisor.cli.text import cleaned
from supervisor.cli.words import CommandError
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.announce import read_info
from supervisor.engine.launch import Launched, write_launch

_START_S = 30.0
_LOOK_EVERY_S = 0.05


def launch_service(spec: BatchSpec, options: RunOptions) -> Launched:
    """Start the engine as a unit of the user's systemd, and enable it for the next boot.

    Raises:
        CommandError: there is no systemd for users here, or the unit does not start.
    """
    if shutil.which("systemd-run") is None or shutil.which("systemctl") is None:
        raise CommandError("--service needs systemd; without it: overnight run FILE --detach")
    # After a reboot nobody is there to ask, and only the env file has values: a credential that is
    # missing then holds its limit and says so.
    directory = write_launch(spec, replace(options, missing_env_ok=True))
    unit = unit_name(spec)
    _run(["loginctl", "enable-linger", getpass.getuser()])
    _install(unit, unit_text(spec))
    before = at_directory(spec.directory)
    _run(run_command(unit, spec))
    _await_engine(spec, before.pid if before else None, unit)
    info = read_info(directory / "engine.json")
    return Launched(
        info=info,
        messages=(
            f"runs as {unit}.service and resumes after a reboot;"
            f" to end that: systemctl --user disable {unit}-boot",
        ),
    )


def unit_name(spec: BatchSpec) -> str:
    """Return a name for the unit that no other batch of this user has."""
    digest = hashlib.sha256(spec.directory.encode()).hexdigest()[:8]
    plain = "".join(char if char.isalnum() else "-" for char in spec.name)
    return f"overnight-{plain}-{digest}"


def run_command(unit: str, spec: BatchSpec) -> list[str]:
    """Return the command that starts the engine now, with the environment of this shell."""
    names = [name for name in spec.env_names if name in os.environ]
    return [
        "systemd-run",
        "--user",
        "--collect",
        f"--unit={unit}",
        # The engine ends its tasks itself, or leaves them running: systemd must not.
        "--property=KillMode=process",
        *(f"--setenv={name}" for name in names),
        *_engine(spec),
    ]


def unit_text(spec: BatchSpec) -> str:
    """Return the unit that goes on with the batch after a reboot."""
    # Values of the environment are never stored, but for these few: the rest is the env_file's.
    kept = "\n".join(f'Environment="{name}={value}"' for name, value in spec.env_stored.items())
    command = " ".join(f'"{word}"' for word in _engine(spec))
    return f"""\
[Unit]
Description=overnight batch {cleaned(spec.name)}

[Service]
Type=exec
KillMode=process
{kept}
ExecStart={command}

[Install]
WantedBy=default.target
"""


def _engine(spec: BatchSpec) -> list[str]:
    return [sys.executable, "-P", "-m", "supervisor.cli.engine", spec.directory]


def _install(unit: str, text: str) -> None:
    folder = Path("~/.config/systemd/user").expanduser()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{unit}-boot.service").write_text(text, encoding="utf-8")
    _run(["systemctl", "--user", "daemon-reload"])
    _run(["systemctl", "--user", "enable", f"{unit}-boot.service"])


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        words = cleaned(done.stderr or done.stdout) or f"exit {done.returncode}"
        raise CommandError(f"{command[0]}: {words}")


def _await_engine(spec: BatchSpec, before: int | None, unit: str) -> None:
    """Return once an engine other than ``before`` has announced itself."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        entry = at_directory(spec.directory)
        if entry is not None and entry.running and entry.pid != before:
            return
        time.sleep(_LOOK_EVERY_S)
    raise CommandError(f"the engine did not start: journalctl --user -u {unit}")
