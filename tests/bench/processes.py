"""Running programs so that every second of CPU they and their detached engines use is seen."""

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OVERNIGHT = str(Path(sys.executable).parent / "overnight")
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Cost:
    """What a program and everything it left behind used, until the last of it was gone."""

    wall_s: float
    cpu_s: float
    code: int


def adopt_orphans() -> None:
    """Become the parent of detached grandchildren, so that their CPU time can be waited for."""
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def run(argv: Sequence[str], *, cwd: Path, home: Path, stdin: str = "") -> Cost:
    """Run a program to the end of itself and of all that it detached."""
    adopt_orphans()
    environment = {**os.environ, "HOME": str(home)}
    began = time.monotonic()
    with (cwd / "bench.out").open("ab") as out, (cwd / "bench.in").open("w+") as source:
        source.write(stdin)
        source.seek(0)
        child = subprocess.Popen(
            argv, cwd=cwd, env=environment, stdin=source, stdout=out, stderr=subprocess.STDOUT
        )
        cpu_s, code, ended = 0.0, -1, began
        while True:
            try:
                pid, status, used = os.wait4(-1, 0)
            except ChildProcessError:
                break
            cpu_s += used.ru_utime + used.ru_stime
            if pid == child.pid:
                code, ended = os.waitstatus_to_exitcode(status), time.monotonic()
                child.returncode = code
    return Cost(ended - began, cpu_s, code)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds of a process and of the children it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(value) for value in fields[11:15]) / os.sysconf("SC_CLK_TCK")


def rss_mib(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
