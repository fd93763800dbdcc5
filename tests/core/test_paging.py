"""The operator is called once for each incident, and when the batch is done."""

from typing import Literal

from supervisor.core.effects import Effect, Page
from supervisor.core.events import ClockJumped, DiskChanged, Event, ReachChanged, Tick
from supervisor.core.intents import Resume
from supervisor.core.models import BreakerPolicy, ErrorClass, NotifySpec, TaskId
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.step import next_wakeup
from tests.fakes.night import after, asked, begun, ended, failed, group, orders, started

QUOTA = ErrorClass.QUOTA
BOTH = NotifySpec(run="./page.sh")
PLAIN = BreakerPolicy()


def night(
    *names: str,
    when: tuple[Literal["needs_you", "done"], ...] = BOTH.when,
    breaker: BreakerPolicy = PLAIN,
) -> Batch:
    notify = NotifySpec(run="./page.sh", when=when)
    return begun(
        names or ("g/a", "g/b", "g/c"), [group(parallel=1, breaker=breaker)], notify=notify
    )


def pages(batch: Batch, event: Event, now: float) -> tuple[Batch, list[Page]]:
    """The batch after ``event``, and whom it called."""
    effects: list[Effect]
    batch, effects = orders(batch, event, now)
    return batch, [one for one in effects if isinstance(one, Page)]


def test_an_empty_account_calls_once() -> None:
    batch, called = pages(night(), failed("g/a", 1, 5, QUOTA, cause="no credit"), 5)
    assert called == [
        Page(
            event="needs_you",
            what="g",
            since=5,
            why="the account is empty or over its quota: no credit",
            command="overnight resume g",
        )
    ]
    batch, called = pages(batch, Tick(), 50)
    assert not called
    again = assemble(spec_of(batch), all_rows(batch))
    assert pages(again, Tick(), 60)[1] == [], "an engine that begins anew knows"
    batch, _, _ = asked(batch, Resume(name="g"), 100)
    assert batch.desk.paged == ()
    _, called = pages(batch, failed("g/a", 2, 105, QUOTA, cause="no credit"), 105)
    assert called, "it was released, and it is empty all the same"


def test_without_notify_nobody_is_called() -> None:
    batch = begun(["g/a"], [group(parallel=1)])
    batch, called = pages(batch, failed("g/a", 1, 5, QUOTA), 5)
    assert not called
    batch, called = pages(night(when=("done",)), failed("g/a", 1, 5, QUOTA), 5)
    assert not called


def test_a_breaker_that_opens_again_after_its_probe_is_one_incident() -> None:
    bad = ErrorClass.BAD_REQUEST
    names = [f"g/{number}" for number in range(5)]
    batch = night(*names, breaker=BreakerPolicy(consecutive=1, probe_after_s=60))
    batch, called = pages(batch, failed("g/0", 1, 5, bad), 5)
    assert [one.what for one in called] == ["g"]
    batch, called = pages(batch, Tick(), 65)
    assert not called
    batch, called = pages(batch, failed("g/1", 1, 70, bad), 70)
    assert not called
    batch = after(batch, (Tick(), 130), (ended("g/2", 1, 140), 140))
    assert batch.desk.paged == ()
    _, called = pages(batch, failed("g/3", 1, 150, bad), 150)
    assert called


def test_a_full_disk_calls_each_time() -> None:
    batch, called = pages(night(), DiskChanged(reason="2 GiB left"), 5)
    assert [one.command for one in called] == ["df -h"]
    batch, called = pages(batch, DiskChanged(reason=None), 6)
    assert not called
    assert pages(batch, DiskChanged(reason="1 GiB left"), 7)[1]


def test_attempts_that_cannot_be_reached_for_long_are_one_call() -> None:
    names = ("g/a", "h/b")
    batch = after(night(*names), (started("g/a", 1, 1), 1), (started("h/b", 1, 1), 1))
    gone = [ReachChanged(task=TaskId(name), attempt=1, reason="no daemon") for name in names]
    back = [ReachChanged(task=TaskId(name), attempt=1, reason=None) for name in names]
    batch = after(batch, (gone[0], 10), (gone[1], 20))
    assert next_wakeup(batch) == 310
    blip = after(batch, (back[0], 30), (back[1], 30))
    assert pages(blip, Tick(), 310)[1] == [], "they were back in time"
    assert next_wakeup(after(batch, (ClockJumped(by_s=90.0), 30))) == 400
    batch, called = pages(batch, Tick(), 310)
    (page,) = called
    assert page.why.startswith("g/a and 1 other task: no daemon")
    assert page.command == "overnight why g/a"
    batch = after(batch, (back[0], 400))
    batch, called = pages(batch, gone[0], 410)
    assert next_wakeup(batch) is None, "it is the same trouble"
    batch = after(batch, (back[0], 420), (back[1], 420))
    assert batch.desk.paged == ()
    batch = after(batch, (gone[0], 500))
    assert next_wakeup(batch) == 800


def test_nobody_who_did_not_ask_is_called_for_silence() -> None:
    batch = after(night("g/a", when=("done",)), (started("g/a", 1, 1), 1))
    gone = ReachChanged(task=TaskId("g/a"), attempt=1, reason="no daemon")
    assert next_wakeup(after(batch, (gone, 10))) is None


def test_the_end_is_told_with_what_failed() -> None:
    batch = night("g/a", "g/b")
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch, called = pages(batch, failed("g/b", 1, 9, ErrorClass.BAD_REQUEST), 9)
    (page,) = called
    assert page == Page(
        event="done",
        what="night",
        since=9,
        why="1/2 done, 1 failed",
        command="overnight report night",
    )
    assert pages(night("g/a", when=("needs_you",)), ended("g/a", 1, 5), 5)[1] == []


def test_all_well_is_told_shortly() -> None:
    _, (page,) = pages(night("g/a"), ended("g/a", 1, 5), 5)
    assert page.why == "1/1 done"
