"""Every block has its words."""

import pytest

from supervisor.core.blocks import batch_reason, group_reason, limit_reason, task_reasons
from supervisor.core.events import DiskChanged, Tick
from supervisor.core.intents import Intent, Pause, Resume, Stop
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    ErrorClass,
    GroupId,
    LimitId,
    LimitSpec,
    TaskId,
)
from supervisor.core.options import RunOptions
from supervisor.core.resume import plan
from supervisor.core.state import Batch
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    started,
    task,
)

G, L = GroupId("g"), LimitId("g")
NAMES = [f"g/{letter}" for letter in "abcdef"]


@pytest.mark.parametrize(
    ("intent", "words"),
    [
        (Pause(), "the batch is paused by ann"),
        (Stop(), "the engine is stopping; what is left runs with the next `overnight run`"),
        (Stop(mode="drain"), "the engine ends once what runs now is over"),
        (Stop(mode="leave_running"), "the engine ends and leaves running what runs"),
    ],
)
def test_the_batch_says_why_it_launches_nothing(intent: Intent, words: str) -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), intent, 1)
    assert batch_reason(batch) == words


def test_a_batch_that_was_stopped_is_not_stopping_any_more() -> None:
    batch, _, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), Stop(), 1)
    batch = after(batch, (ended("g/a", 1, 2, 143), 2))
    assert batch_reason(batch) == (
        "the batch is stopped; what is left runs with the next `overnight run`"
    )


def test_a_full_disk_and_a_full_batch() -> None:
    batch = begun(["g/a", "g/b"], parallel=1)
    assert batch_reason(batch) == "1 of 1 run at once over all groups"
    assert (
        batch_reason(after(batch, (DiskChanged(reason="2 GiB left"), 1))) == "no space: 2 GiB left"
    )
    assert batch_reason(begun(["g/a"])) is None


def test_a_group_says_why_it_launches_nothing() -> None:
    batch = begun(NAMES, [group(parallel=1, stagger_low_s=60.0, stagger_high_s=60.1)])
    assert group_reason(batch, G, 1) == "g runs 1 of 1 at once"
    ended_early = after(batch, (ended("g/a", 1, 2), 2))
    assert group_reason(ended_early, G, 2) == "the next launch of g is in 58s"
    paused, _, _ = asked(batch, Pause(group=G), 3)
    assert group_reason(paused, G, 3) == "g is paused by ann"
    assert group_reason(begun(["g/a"]), G, 0) is None


def test_a_breaker_says_what_it_waits_for() -> None:
    policy = group(parallel=1, breaker=BreakerPolicy(consecutive=1))
    batch = after(begun(NAMES, [policy]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    reason = group_reason(batch, G, 65)
    assert reason is not None
    assert reason.startswith("g stands still after 1 consecutive failures")
    assert reason.endswith("one task is tried in 14m")
    batch = after(batch, (Tick(), 905))
    reason = group_reason(batch, G, 905)
    assert reason is not None
    assert reason.startswith("g waits for news of g/b")
    aborting = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = after(begun(NAMES, [aborting]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert group_reason(batch, G, 6) == "g was given up (aborted: 1 consecutive failures)"
    batch = begun(NAMES, [group(parallel=1)])
    for now, name in enumerate(("g/a", "g/b"), 1):
        batch = after(batch, (ended(name, 1, now, 127), now))
    assert group_reason(batch, G, 3) == (
        "g stands still until you resume it: the first 2 tasks are broken"
    )


def held(error_class: ErrorClass, retry_at: float | None = None, *, login: bool = False) -> Batch:
    limits = [LimitSpec(name=L, refresh=CommandSpec(run="login"))] if login else []
    batch = begun(NAMES, [group(parallel=4)], limits)
    return after(
        batch,
        *((failed(f"g/{one}", 1, 100, error_class, retry_at=retry_at), 100) for one in "abcd"),
    )


def test_a_limit_says_why_it_holds() -> None:
    reasons = [
        limit_reason(held(ErrorClass.USAGE_WINDOW, 3700), L, 160),
        limit_reason(held(ErrorClass.QUOTA), L, 160),
        limit_reason(held(ErrorClass.AUTH, login=True), L, 160),
    ]
    assert [str(one).partition(":")[0] for one in reasons] == [
        "g is held for another 1h",
        "g is held until you release it",
        "g is held while its credential is refreshed",
    ]


def test_probes_and_ramps_have_words() -> None:
    batch, _, _ = asked(held(ErrorClass.QUOTA), Resume(name="g"), 200)
    assert str(limit_reason(batch, L, 200)).startswith(
        "g waits for news of g/a, which tries it out"
    )
    batch = after(batch, (ended("g/a", 2, 210), 210))
    assert limit_reason(batch, L, 210) == "g lets 2 attempts run after its hold; more in 3m20s"
    batch = after(batch, (ended("g/b", 2, 220), 220), (Tick(), 500))
    assert limit_reason(batch, L, 500) is None


def test_a_waiting_task_names_everything_in_its_way() -> None:
    batch = begun(["g/a", task("g/b", needs=("g/a",))], [group(parallel=1)])
    batch, _, _ = asked(batch, Pause(), 1)
    assert task_reasons(batch, TaskId("g/b"), 1) == (
        "needs g/a",
        "the batch is paused by ann",
        "g runs 1 of 1 at once",
    )
    batch = held(ErrorClass.QUOTA)
    assert len(task_reasons(batch, TaskId("g/f"), 100)) == 1
    found = plan(batch_spec(["g/a", "h/b"]), None, RunOptions(filter="h/*"), 0, UUID)
    assert task_reasons(found.batch, TaskId("g/a"), 0) == (
        "this run was not asked for it (--filter or --sample)",
    )


def test_probing_without_a_probe_lets_one_start() -> None:
    batch = held(ErrorClass.QUOTA)
    batch, _, _ = asked(batch, Pause(), 150)
    batch, _, _ = asked(batch, Resume(name="g"), 160)
    assert limit_reason(batch, L, 160) is None
    assert len(after(batch, (started("g/a", 1, 1), 170)).live) == 0
