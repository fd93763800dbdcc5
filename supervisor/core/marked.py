"""What the core must hear of a runner's own words."""

from supervisor.core.evidence import Detection
from supervisor.core.names import ErrorClass
from supervisor.core.told import Told, Wait

RULE = "kit.waits"
"""Stands where the rule stands that found a line."""


def limit_met(told: Told, before: Wait | None) -> Detection | None:
    """Return the detection of a limit that a runner says it waits for, once for each stated time.

    ``before`` is the last wait that was told.
    """
    wait = told.wait
    if wait is None or not wait.error_class:
        return None
    if before is not None and (before.until, before.error_class) == (wait.until, wait.error_class):
        return None
    return Detection(
        rule=RULE,
        error_class=ErrorClass(wait.error_class),
        line=wait.why,
        stream="file",
        strong=True,
        written_at=wait.at,
        retry_at=wait.until,
        path="marks",
        form="structured",
    )
