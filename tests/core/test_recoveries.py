"""What trying again made of failures is counted per group, as manifests of batch runs have it."""

from supervisor.core.events import Tick
from supervisor.core.intents import Kill
from supervisor.core.models import ErrorClass, GroupId, RetryPolicy
from supervisor.core.recoveries import Recoveries, recoveries
from tests.fakes.night import after, asked, begun, ended, failed, group, started

ONCE_MORE = RetryPolicy(attempts=2, base_s=10, jitter_low_s=0, jitter_high_s=0)


def test_failures_are_parted_into_recovered_and_final_ones() -> None:
    batch = begun(["g/a", "g/b", "g/c", "h/d"], [group(retry=ONCE_MORE), group("h")])
    batch = after(
        batch,
        (failed("g/a", 1, 1, ErrorClass.NETWORK), 1),
        (ended("g/c", 1, 1), 1),
        (failed("g/b", 1, 200, ErrorClass.NETWORK), 200),
        (started("g/a", 2, 201), 201),
        (ended("g/a", 2, 202), 202),
        (Tick(), 250),
        (failed("g/b", 2, 300, ErrorClass.NETWORK), 300),
    )
    assert recoveries(batch) == {
        GroupId("g"): Recoveries(
            total_failures=2, recovered_by_retry=1, final_failed=1, retry_attempts=2
        ),
        GroupId("h"): Recoveries(),
    }


def test_what_the_operator_ended_has_not_failed() -> None:
    batch = after(begun(["g/a"]), (started("g/a", 1, 1), 1))
    batch, _, _ = asked(batch, Kill(targets=("g/a",)), 2)
    batch = after(batch, (ended("g/a", 1, 3, 143), 3), (ended("g/a", 2, 4), 4))
    assert recoveries(batch) == {GroupId("g"): Recoveries(retry_attempts=1)}
