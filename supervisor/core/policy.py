"""What each error class does to a task, as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from supervisor.core.models import ErrorClass, GroupSpec, RetryPolicy

GRACE_S = 10.0
"""Between asking an attempt to stop and insisting."""
SOON_S = 30.0
"""An attempt that fails within this time of its start fails for the same reason each time."""
SAME_CAUSE = 3
"""So often the same early failure of an unknown kind means that the task is broken."""
LOSSES = 3
"""``lost`` ends in a row that fail a task."""
LAUNCHES = 100
"""More than any night needs; a task that costs nothing each time must end all the same."""
HOLD_FROM_S = 60.0
"""A rate limit that states at least so long a wait holds the limit, not only the task."""
PROVEN_S = 900.0
"""A credential that worked so long was good; that it fails then is a new incident."""
DISK_RETRY_S = 300.0
"""After a task said that its disk is full and nobody else did."""
PREFLIGHTS = 10
"""So many failed preflights in a row, for causes that name no time, and a person must look."""
OUTAGE_BASE_S = 30.0
OUTAGE_CAP_S = 120.0
"""Back-off of preflights while servers are out."""
WINDOW_BASE_S = 300.0
WINDOW_CAP_S = 3600.0
"""Back-off of a limit whose reset nobody states."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What follows an end of a class."""

    then: Literal["retry", "fail", "wait", "hold", "again", "disk"]
    """``retry``: back off, within the budget; ``wait``: back off at no cost; ``hold``: wait for the
    limit; ``again``: at once, at no cost; ``disk``: when there is space."""
    costs: bool = False
    """Whether it uses up one of the allowed attempts."""
    blame: bool = False
    """Whether a final failure counts for the group's breaker."""
    retryable: bool = True
    """Whether running it again may help."""


_RETRY = Treatment(then="retry", costs=True, blame=True)

TREATMENTS: Mapping[ErrorClass, Treatment] = MappingProxyType(
    {
        ErrorClass.RATE_LIMIT: Treatment(then="wait"),
        ErrorClass.USAGE_WINDOW: Treatment(then="hold"),
        ErrorClass.QUOTA: Treatment(then="hold"),
        ErrorClass.AUTH: Treatment(then="hold"),
        ErrorClass.SERVER_ERROR: _RETRY,
        ErrorClass.NETWORK: _RETRY,
        ErrorClass.POOL_CRASH: _RETRY,
        ErrorClass.UNKNOWN: _RETRY,
        ErrorClass.CUDA_OOM: _RETRY,
        ErrorClass.CUDA_ERROR: _RETRY,
        ErrorClass.HOST_OOM: _RETRY,
        ErrorClass.TIMEOUT: _RETRY,
        ErrorClass.STALLED: _RETRY,
        ErrorClass.DISK_FULL: Treatment(then="disk"),
        ErrorClass.DOCKER: Treatment(then="wait"),
        ErrorClass.LOST: Treatment(then="again"),
        ErrorClass.OPERATOR: Treatment(then="again"),
        ErrorClass.BROKEN: Treatment(then="fail", costs=True, blame=True, retryable=False),
        ErrorClass.BAD_REQUEST: Treatment(then="fail", costs=True, blame=True, retryable=False),
        ErrorClass.CONTENT_POLICY: Treatment(then="fail", costs=True, retryable=False),
    }
)


def treatment(group: GroupSpec, error_class: ErrorClass) -> Treatment:
    """Return what follows an end of ``error_class`` in ``group``.

    A class that fails at once is retried where the batch file gives it attempts of its own. Whoever
    cannot be blamed for its default cannot be blamed for what the batch file makes of it.
    """
    found = TREATMENTS[error_class]
    action = group.action_by_class.get(error_class)
    if action is not None:
        costs = action in {"retry", "fail"}
        retryable = action != "fail"
        return Treatment(then=action, costs=costs, blame=found.blame and costs, retryable=retryable)
    if found.then == "fail" and group.attempts_by_class.get(error_class, 1) > 1:
        return Treatment(then="retry", costs=True, blame=found.blame, retryable=True)
    return found


def waits(group: GroupSpec, error_class: ErrorClass) -> RetryPolicy:
    """Return how long an end of ``error_class`` is waited out where nobody states it."""
    return group.retry_by_class.get(error_class, group.retry)


def most_launches(group: GroupSpec) -> int:
    """Return how many launches a task gets in all, even if none of them costs an attempt."""
    if group.give_up.launches is not None:
        return group.give_up.launches
    attempts = max(group.retry.attempts, *group.attempts_by_class.values(), 1)
    return max(LAUNCHES, attempts + group.give_up.holds)


def budget(group: GroupSpec, error_class: ErrorClass) -> int:
    """Return how many attempts a task may use up before an end of ``error_class`` fails it."""
    return group.attempts_by_class.get(error_class, group.retry.attempts)
