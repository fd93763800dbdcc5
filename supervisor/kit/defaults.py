"""What a run does where nobody said so: by the environment of its process."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

Retries = Literal["none", "passing", "all"]
"""Which failed items are done again; ``passing``: those that failed for what may be over by now."""

TASK_DIR = "OVERNIGHT_TASK_DIR"
ATTEMPT = "OVERNIGHT_ATTEMPT"
RETRY = "KIT_RETRY_FAILED"
"""Set to 1 or 0: failed items are done again, or not, as ``retry_failed`` says."""
FOR_GOOD = frozenset({"content_policy", "bad_request"})
"""Nothing but ``retry_failed=True`` repeats what failed so."""


def retries(environ: Mapping[str, str], asked: bool | None) -> Retries:
    """Return which failed items are done again; ``asked`` is what the runner said itself."""
    if asked is None and (said := environ.get(RETRY, "")) in {"0", "1"}:
        asked = said == "1"
    if asked is not None:
        return "all" if asked else "none"
    # Whoever has a task tried again wants its failures tried again.
    return "passing" if environ.get(ATTEMPT, "1") != "1" else "none"


def own_place(environ: Mapping[str, str]) -> Path:
    """Return where outcomes go when nobody said so."""
    # In a container the directory of the task is not there.
    if (place := environ.get(TASK_DIR)) and Path(place).is_dir():
        return Path(place, "results.jsonl")
    return Path(f"{Path(sys.argv[0]).stem or 'run'}.results.jsonl")
