"""Orders about tasks: only what they name, and never finished work by a glob."""

import pytest

from supervisor.core.effects import Record
from supervisor.core.events import Wanted
from supervisor.core.intents import Cancel, First, Freeze, Intent, Kill, Reload, Retry, Stop, Thaw
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.phase import (
    Aborted,
    BackingOff,
    Cancelled,
    Failed,
    Held,
    Starting,
    Succeeded,
    Waiting,
)
from supervisor.core.state import Batch
from supervisor.core.step import step
from tests.fakes.night import after, asked, batch_spec, begun, ended, failed, group, started, task

NAMES = [f"g/{letter}" for letter in "abcdef"]


def mixed() -> Batch:
    """a succeeded, b failed, c backs off, d and e run, f waits."""
    batch = begun(NAMES, [group(parallel=2)])
    return after(
        batch,
        (ended("g/a", 1, 5), 5),
        (failed("g/b", 1, 6, ErrorClass.BAD_REQUEST), 6),
        (failed("g/c", 1, 7), 7),
        (started("g/d", 1, 8), 8),
    )


def kind(batch: Batch, name: str) -> type:
    return type(batch.tasks[TaskId(name)].phase)


@pytest.mark.parametrize(
    "intent",
    [Freeze(targets=("x",)), Kill(targets=()), Cancel(targets=("x*",)), First(targets=("x",))],
)
def test_what_nobody_is_called_is_refused(intent: Intent) -> None:
    before = mixed()
    batch, _, refused = asked(before, intent, 9)
    assert refused
    assert batch.tasks == before.tasks


def test_retry_of_failed_tasks_gives_a_new_budget() -> None:
    batch, text, _ = asked(mixed(), Retry(), 10)
    assert text == "1 task with a new budget: g/b"
    assert batch.tasks[TaskId("g/b")].failures == 0
    assert len(batch.tasks[TaskId("g/b")].history) == 1


def test_retry_by_class_leaves_other_classes_alone() -> None:
    batch, text, _ = asked(mixed(), Retry(error_class=ErrorClass.AUTH), 10)
    assert text == "nothing to retry: g/b is waiting, running or done"
    batch, text, _ = asked(mixed(), Retry(error_class=ErrorClass.BAD_REQUEST), 10)
    assert "g/b" in text
    _, text, _ = asked(batch, Retry(error_class=ErrorClass.AUTH), 11)
    assert text == "nothing to retry: no task has failed as auth"
    _, text, _ = asked(batch, Retry(), 11)
    assert text == "nothing to retry: no task has failed"


def test_retry_of_a_group_spares_what_succeeded() -> None:
    batch, text, _ = asked(mixed(), Retry(targets=("g",)), 10)
    assert text == "2 tasks with a new budget: g/b, g/c"
    assert kind(batch, "g/a") is Succeeded
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 11)
    assert kind(batch, "g/a") is Waiting


def test_retry_of_a_held_task_keeps_it_waiting_for_its_limit() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.QUOTA), 5))
    assert kind(batch, "g/a") is Held
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 6)
    assert kind(batch, "g/a") is Waiting


def test_retry_makes_a_batch_that_was_done_run_on() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert batch.desk.ended_at == 5
    batch, _, _ = asked(batch, Retry(), 10)
    assert batch.desk.ended_at is None
    assert kind(batch, "g/a") is Starting


def test_retry_while_stopping_is_for_the_next_run() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    batch, _, _ = asked(batch, Stop(), 6)
    batch, _, _ = asked(batch, Retry(), 10)
    assert batch.desk.ended_at is not None
    assert kind(batch, "g/a") is Waiting


def test_removed_tasks_are_not_retried() -> None:
    batch, _, _ = asked(mixed(), Reload(spec=batch_spec(NAMES[2:], [group(parallel=2)])), 9)
    _, text, _ = asked(batch, Retry(targets=("g/b",)), 10)
    assert "nothing to retry" in text


def test_cancel_ends_tasks_at_rest_now_and_running_ones_later() -> None:
    batch, text, _ = asked(mixed(), Cancel(targets=("g/c", "g/d", "g/f", "g/a")), 10)
    assert text == "cancelled: g/c, g/d, g/f"
    assert kind(batch, "g/c") is Cancelled
    assert kind(batch, "g/d") is not Cancelled
    batch, text, _ = asked(batch, Cancel(targets=("g/a", "g/b")), 11)
    assert text == "g/a, g/b are over already"
    batch, text, _ = asked(batch, Retry(targets=("g/c",)), 12)
    assert text == "1 task with a new budget: g/c"


def test_kill_of_what_does_not_run_says_so() -> None:
    _, text, refused = asked(mixed(), Kill(targets=("g/a",)), 10)
    assert (text, refused) == ("g/a is not running", False)


def test_first_of_what_does_not_wait_says_so() -> None:
    _, text, refused = asked(mixed(), First(targets=("g/a", "g/b")), 10)
    assert (text, refused) == ("g/a, g/b are not waiting", False)
    batch, _, _ = asked(mixed(), First(targets=("g/c",)), 10)
    assert kind(batch, "g/c") is BackingOff


def test_first_keeps_the_order_that_was_asked_for() -> None:
    batch = begun(NAMES, [group(parallel=1)])
    batch, text, _ = asked(batch, First(targets=("g/d", "g/c")), 10)
    assert text == "next: g/d, g/c"
    batch, _, _ = asked(batch, First(targets=("g/f",)), 11)
    order = sorted(NAMES[1:], key=lambda name: batch.tasks[TaskId(name)].priority)
    assert order == ["g/f", "g/d", "g/c", "g/b", "g/e"]


def test_each_task_that_is_retried_remembers_who_wanted_it() -> None:
    _, effects = step(mixed(), Wanted(intent=Retry(), who="ann (keys renewed)"), 10)
    told = [one.text for one in effects if isinstance(one, Record) and one.subject == "g/b"]
    assert told[0] == "a new budget, by ann (keys renewed)"


def test_only_confirmed_attempts_are_frozen() -> None:
    batch, text, _ = asked(mixed(), Freeze(targets=("g",)), 10)
    assert text == "frozen: g/d; API calls in flight may time out"
    batch, text, _ = asked(batch, Freeze(targets=("g/e",)), 11)
    assert text == "there is nothing to freeze"
    batch, text, _ = asked(batch, Thaw(targets=("g",)), 12)
    assert text == "running on: g/d"
    _, text, _ = asked(batch, Thaw(), 13)
    assert text == "nothing is frozen"


def test_a_class_that_does_not_fit_spares_aborted_and_succeeded_ones() -> None:
    batch, _, _ = asked(mixed(), Cancel(targets=("g/f",)), 10)
    _, text, _ = asked(batch, Retry(targets=("g/f", "g/a"), error_class=ErrorClass.UNKNOWN), 11)
    assert "nothing to retry" in text
    assert isinstance(batch.tasks[TaskId("g/b")].phase, Failed)
    assert batch.counts[GroupId("g")]["cancelled"] == 1


def test_a_name_that_means_nothing_is_all_that_is_said() -> None:
    _, text, refused = asked(mixed(), Retry(targets=("nobody",)), 10)
    assert refused
    assert text.startswith("there is no task or group 'nobody'")


def test_what_needs_something_that_stays_over_is_not_retried() -> None:
    needing = [task("g/b", needs=("g/a",)), task("g/c", needs=("g/b",))]
    tasks = [task("g/a"), *needing, task("g/d")]
    batch, _, _ = asked(begun(tasks, [group(parallel=1)]), Cancel(targets=("g/a",)), 1)
    batch = after(
        batch, (ended("g/a", 1, 5, 143), 5), (failed("g/d", 1, 6, ErrorClass.BAD_REQUEST), 6)
    )
    assert kind(batch, "g/c") is Aborted
    batch, text, _ = asked(batch, Retry(), 10)
    assert text == (
        "g/b, g/c are not run again: something needed is over; retry that, too; "
        "1 task with a new budget: g/d"
    )
    again, text, _ = asked(batch, Retry(targets=("g/c",)), 10)
    assert text == "g/c is not run again: something needed is over; retry that, too"
    assert again.tasks == batch.tasks
    batch, text, _ = asked(batch, Retry(targets=("g/a",)), 11)
    assert text == "3 tasks with a new budget: g/a, g/b, g/c"


def test_what_comes_back_with_its_need_comes_back_once() -> None:
    batch = begun(["g/a", task("g/b", needs=("g/a",))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    _, text, _ = asked(batch, Retry(targets=("g/a", "g/b")), 6)
    assert text == "2 tasks with a new budget: g/a, g/b"
