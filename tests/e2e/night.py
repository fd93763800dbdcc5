"""A batch in a folder of its own, driven through the real command line."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support import until_sync

OVERNIGHT = str(Path(sys.executable).parent / "overnight")
STARTS = "starts.txt"


class Night:
    """One folder with one batch file, ``night.yaml``, and what the commands said about it.

    A task that wants its starts counted appends its id to ``starts.txt`` itself: that, and nothing
    the engine says, tells how often it ran.
    """

    def __init__(self, place: Path, home: Path) -> None:
        self.place = place
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("OVERNIGHT_", "COV_"))
        } | {"HOME": str(home), "NO_COLOR": "1"}

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.place / ".overnight" / "night"

    def write(self, text: str) -> None:
        """Write the batch file."""
        (self.place / "night.yaml").write_text(text)

    def overnight(
        self, *argv: str, code: int | None = None, timeout_s: float = 90.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; with ``code`` given, insist on that exit status."""
        done = subprocess.run(
            [OVERNIGHT, *argv],
            cwd=self.place,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        if code is not None and done.returncode != code:
            raise AssertionError(
                f"overnight {' '.join(argv)} exited {done.returncode}, not {code}\n"
                f"{done.stdout}\n{done.stderr}\n{self._engine_log()}"
            )
        return done

    def run(self, *argv: str, code: int | None = None) -> str:
        """Run the batch headless to its end; return everything that was said."""
        done = self.overnight("run", "night.yaml", "--headless", *argv, code=code)
        return done.stdout + done.stderr

    def detach(self, *argv: str) -> int:
        """Start the engine and return its pid."""
        self.overnight("run", "night.yaml", "--detach", *argv, code=0)
        return self.engine_pid()

    def engine_pid(self) -> int:
        """Return the pid of the engine that announced itself last."""
        return int(json.loads((self.state / "engine.json").read_text())["pid"])

    def kill_engine(self) -> None:
        """SIGKILL the engine and wait until it is gone."""
        pid = self.engine_pid()
        os.kill(pid, signal.SIGKILL)
        until_sync(lambda: not is_alive(pid))

    def status(self) -> dict[str, Any]:
        """Return the status document."""
        return dict(json.loads(self.overnight("status", "--json", code=0).stdout))

    def phases(self) -> dict[str, str]:
        """Return the phase of each task by id."""
        return {row["task"]: row["phase"] for row in self.status()["tasks"]}

    def starts(self) -> list[str]:
        """Return the ids that tasks wrote when they began, in that order."""
        path = self.place / STARTS
        return path.read_text().split() if path.exists() else []

    def stop(self) -> None:
        """End the engine if one runs, and everything it started."""
        path = self.state / "engine.json"
        if path.exists() and is_alive(self.engine_pid()):
            self.overnight("stop", "night", "--yes")

    def _engine_log(self) -> str:
        path = self.state / "engine.log"
        return path.read_text()[-3000:] if path.exists() else "(no engine.log)"


def is_alive(pid: int) -> bool:
    """Tell whether a process exists and is no zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def tasks(group: str, commands: dict[str, str]) -> Sequence[str]:
    """Return the lines of a group's task list; each command first writes its start line."""
    return [
        f'      - {{id: {name}, run: "echo {group}/{name} >> {STARTS}; {command}"}}'
        for name, command in commands.items()
    ]


def batch(groups: dict[str, dict[str, str]], *, top: str = "", group_keys: str = "") -> str:
    """Return a batch file with quick retries; ``groups`` maps group → id → shell command."""
    lines = [
        "batch: night",
        "retry: {attempts: 2, base: 200ms, factor: 1, cap: 1s, jitter: 0s..50ms}",
    ]
    lines += [top] if top else []
    lines.append("groups:")
    for group, commands in groups.items():
        lines += [f"  {group}:"] + ([f"    {group_keys}"] if group_keys else []) + ["    tasks:"]
        lines += tasks(group, commands)
    return "\n".join(lines) + "\n"
