"""The Docker backend for the contract: programs in containers of a busybox image."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

from supervisor.adapters.docker.backend import DockerBackend
from supervisor.adapters.docker.client import Docker
from supervisor.core.container_names import container_name
from supervisor.core.containers import BATCH_LABEL
from supervisor.core.wish import Volume, Wish
from supervisor.ports import Ref, Try
from tests.containers import IMAGE, docker, ensure_image

_STUBBORN = "trap '' TERM; while :; do sleep 0.05; done"
_FORKS = f'for i in 1 2 3; do (echo $i >>"$PIDS"; {_STUBBORN}) & done; wait'

PROGRAMS = {
    "exit": 'exit "$1"',
    "soon": 'sleep 0.3; exit "$1"',
    "print": 'printf %s "$1"; printf %s "$2" >&2',
    "run": 'echo $$ >>"$PIDS"; exec sleep 1000',
    "polite": """trap 'echo bye; exit 5' TERM; echo $$ >>"$PIDS"; while :; do sleep 0.05; done""",
    "stubborn": f'echo $$ >>"$PIDS"; {_STUBBORN}',
    "forks": _FORKS,
    "escapes": _FORKS,
}
"""Shell programs; each is preceded by one that writes a start line."""


class DockerRig:
    """Containers of one batch; whatever is left of them goes in the end."""

    many = 12

    def __init__(self, root: Path) -> None:
        ensure_image()
        self.root = root
        self.state = root / "state"
        self.uuid = str(uuid4())
        self._backends: list[DockerBackend] = []

    def backend(self) -> DockerBackend:
        self.bury()
        backend = DockerBackend(self.state, self.uuid, Docker(), settle_s=1.0)
        self._backends.append(backend)
        return backend

    def program(self, which: Ref, *words: str) -> Try:
        script = f'echo start >>"$STARTS"; {PROGRAMS.get(words[0], "")}'
        argv = ("/bin/sh", "-c", script, *words)
        return Try(
            ref=which,
            argv=("/no/such/command",) if words[0] == "missing" else argv,
            cwd=str(self.root),
            env={
                "STARTS": str(self._file("starts", which)),
                "PIDS": str(self._file("pids", which)),
            },
            container=Wish(
                image=IMAGE,
                volumes=(Volume(source=str(self.root), target=str(self.root)),),
                user=str(os.getuid()),
                network="none",
            ),
        )

    def starts(self, which: Ref) -> int:
        return len(_lines(self._file("starts", which)))

    def began(self, which: Ref, processes: int = 1) -> bool:
        return len(_lines(self._file("pids", which))) == processes

    def left(self, which: Ref) -> list[int]:
        name = container_name(self.uuid, which.task, which.attempt)
        told = subprocess.run(
            ["docker", "inspect", "-f", "{{.State.Pid}}", name], capture_output=True, text=True
        )
        return [int(told.stdout)] if told.stdout.strip() not in ("", "0") else []

    def containers(self) -> list[str]:
        """Return the names of the batch's containers, whatever their state."""
        label = f"label={BATCH_LABEL}={self.uuid}"
        return docker("ps", "-a", "--filter", label, "--format", "{{.Names}}").split()

    def bury(self) -> None:
        """Let go of the engines so far, as death would."""
        for backend in self._backends:
            backend.close()

    def is_closed(self) -> bool:
        """Return whether no engine has a connection any more."""
        return not any(backend._works._tasks for backend in self._backends)

    def close(self) -> None:
        self.bury()
        for name in self.containers():  # some may be on their way out
            subprocess.run(["docker", "rm", "-f", "-v", name], capture_output=True)

    def _file(self, kind: str, which: Ref) -> Path:
        return self.root / f"{kind}-{which.task.replace('/', '-')}-{which.attempt}"


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").splitlines() if path.exists() else []
