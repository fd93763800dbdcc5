"""When failures are too many: in a row, or among the last ends."""

from math import ceil

from supervisor.core.batch import Closed
from supervisor.core.models import BreakerPolicy, TaskId

BROKEN_AT_START = 2
"""So many broken tasks at the start of a group stop it."""
_GOOD, _BAD = "s", "f"


def succeeded(policy: BreakerPolicy, closed: Closed) -> Closed:
    """Return the count after a task succeeded: none in a row."""
    return Closed(ends=_ends(policy, closed, _GOOD))


def failed(policy: BreakerPolicy, closed: Closed, id_: TaskId) -> Closed:
    """Return the count after a task failed for good; each task counts once in a row."""
    in_row = (*(one for one in closed.failed if one != id_), id_)
    most = max(policy.consecutive, BROKEN_AT_START)
    return Closed(failed=in_row[-most:], ends=_ends(policy, closed, _BAD))


def tripped(policy: BreakerPolicy, closed: Closed) -> str | None:
    """Return in words what is too much; None: the failures are few enough."""
    if policy.then == "off":
        return None
    if policy.consecutive and len(closed.failed) >= policy.consecutive:
        return f"{policy.consecutive} consecutive failures"
    # However the rest of the window ends, the share is reached already.
    bad = closed.ends.count(_BAD)
    if policy.window and bad >= max(1, ceil(policy.share * policy.window - 1e-9)):
        return f"{bad} failures among the last {len(closed.ends)} ends"
    return None


def _ends(policy: BreakerPolicy, closed: Closed, end: str) -> str:
    return (closed.ends + end)[-policy.window :] if policy.window else ""
