"""How a run was asked for on the command line."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What ``overnight run`` was told beside the batch file."""

    fresh: bool = False
    retry_errors: bool = False
    force: bool = False
    filter: str | None = None
    """Glob over ``group/id``; only these tasks are run."""
    parallel: int | None = None
    """Cap over all groups for this run."""
    until: float | None = None
    """When this run launches nothing more (Unix seconds); what runs then is waited for."""
    ignore_needs: bool = False
    with_dependents: bool = False
    changed: Literal["ask", "keep", "force"] = "ask"
    """Finished tasks whose command changed: refuse and list them, count as done, or run again."""
    missing_env_ok: bool = False
    """Go on although names of the first run's environment are missing now."""
    moved: Literal["ask", "moved", "copied"] = "ask"
    """What to think when the state directory is not where it was."""
    fail_fast: bool = False
    """The first task that fails for good ends the batch; what runs, runs to its end."""
    sample: float | None = None
    """Run only this share of the tasks, by lot, and stop at the first failure."""
    again: bool = False
    """An engine goes on after a fault of its own: all that was said to it before still holds."""
