"""Runs the shim as the engine would, under each shell it must work on."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from supervisor.adapters.local import records, shim
from supervisor.adapters.local.procfs import boot_id

SHELLS = {
    "dash": ("/bin/dash",),
    "bash": ("/bin/bash",),
    "busybox": (shutil.which("busybox") or "/bin/busybox", "sh"),
}


@dataclass
class Shimmed:
    """A running shim and its attempt directory."""

    process: subprocess.Popen[bytes]
    directory: Path

    def wait(self) -> int:
        return self.process.wait(timeout=20)

    @property
    def out(self) -> bytes:
        return (self.directory / "stdout.log").read_bytes()

    @property
    def err(self) -> bytes:
        return (self.directory / "stderr.log").read_bytes()

    @property
    def code(self) -> int | None:
        record = records.read_exit(str(self.directory))
        return record.code if record else None


def start(
    shell: str,
    directory: Path,
    argv: Sequence[str],
    *,
    cwd: str = "/",
    env: dict[str, str] | None = None,
    nofile_soft: int | None = None,
    oom_score_adj: int | None = None,
    umask: str = "022",
) -> Shimmed:
    """Start ``argv`` under the shim in a session of its own."""
    directory.mkdir(exist_ok=True)
    records.make_blank(str(directory), flush=False)
    command = shim.arguments(
        shell=SHELLS[shell],
        directory=str(directory),
        boot_id=boot_id(),
        nofile_soft=nofile_soft,
        oom_score_adj=oom_score_adj,
        umask=umask,
        cwd=cwd,
        argv=argv,
    )
    with (
        (directory / "stdout.log").open("ab") as out,
        (directory / "stderr.log").open("ab") as err,
    ):
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env={"PATH": os.environ["PATH"]} | (env or {}),
            start_new_session=True,
        )
    return Shimmed(process, directory)
