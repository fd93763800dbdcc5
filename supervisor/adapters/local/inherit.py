"""How this process was before it became an engine, and what it must be to run attempts."""

import ctypes
import os
import resource
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_CHILDREN_RAISE_OOM_BY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Inherited:
    """What attempts get from the engine's own beginnings."""

    environ: Mapping[str, str]
    nofile_soft: int | None
    """The soft limit of open files that children get back."""
    oom_score_adj: int | None
    """What children offer themselves to the out-of-memory killer with."""
    umask: str
    """Octal digits."""
    adopts_orphans: bool
    """Orphans of our attempts become our children, so that none is lost from sight."""

    def give_back(self) -> None:
        """Undo what an engine that is to begin again in this process would inherit."""
        if self.nofile_soft is not None:
            hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
            resource.setrlimit(resource.RLIMIT_NOFILE, (self.nofile_soft, hard))


@cache
def inherit() -> Inherited:
    """Note how the process was started, and prepare it to run attempts; once per process.

    Drops ``OVERNIGHT_*`` (an engine may itself run inside an attempt), raises the limit of open
    files to the hard one, and becomes the reaper of orphaned descendants.
    """
    for name in [name for name in os.environ if name.startswith("OVERNIGHT_")]:
        del os.environ[name]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return Inherited(
        environ=dict(os.environ),
        nofile_soft=soft if soft != resource.RLIM_INFINITY else None,
        oom_score_adj=_children_oom_score_adj(),
        umask=_umask(),
        adopts_orphans=_adopt_orphans(),
    )


def _children_oom_score_adj() -> int | None:
    try:
        ours = int(Path("/proc/self/oom_score_adj").read_text(encoding="ascii"))
    except (OSError, ValueError):  # no /proc, or a sandbox that hides it
        return None
    return min(ours + _CHILDREN_RAISE_OOM_BY, 1000)


def _umask() -> str:
    # os.umask can only tell by changing it, for every thread.
    for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("Umask:"):
            return line.split()[1]
    return "022"  # kernels before 4.7 do not say


def _adopt_orphans() -> bool:
    libc = ctypes.CDLL(None, use_errno=True)
    answer: int = libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    return answer == 0
