"""After a jump of the clock our own deadlines move, stated ones stay."""

from supervisor.core.batch import Holding, Open, Probing, Ramping
from supervisor.core.events import ActivityChanged, ClockJumped, Tick
from supervisor.core.intents import Resume
from supervisor.core.models import (
    BreakerPolicy,
    ErrorClass,
    GroupId,
    LimitId,
    TaskId,
    TimeoutPolicy,
)
from supervisor.core.phase import BackingOff, Running, Waiting
from tests.fakes.night import after, asked, begun, ended, failed, group, started, task

A = TaskId("g/a")
G = GroupId("g")
L = LimitId("g")
JUMP = (ClockJumped(by_s=1000.0), 1100.0)


def test_back_off_and_time_out_move_but_stated_waits_do_not() -> None:
    timed = group(timeout=TimeoutPolicy(first_s=5000))
    batch = begun(["g/a", "g/b", "g/c", task("g/d", not_before=9000.0)], [timed])
    batch = after(
        batch,
        (started("g/c", 1, 1), 1),
        (ActivityChanged(task=TaskId("g/c"), attempt=1, quiet_since=50), 50),
        (failed("g/a", 1, 90), 90),
        (failed("g/b", 1, 90, ErrorClass.RATE_LIMIT, retry_at=140), 90),
        (ClockJumped(by_s=20.0), 100),
    )
    back, stated, live, later = (batch.tasks[TaskId(f"g/{one}")].phase for one in "abcd")
    assert isinstance(back, BackingOff)
    assert back.restart_at == 140
    assert isinstance(stated, BackingOff)
    assert stated.restart_at == 144.5
    assert isinstance(live, Running)
    assert (live.deadline, live.quiet_since, live.stall_at) == (5021, 70, 1870)
    assert later == Waiting(not_before=9000.0)


def test_a_jump_back_brings_deadlines_nearer() -> None:
    batch = after(begun(["g/a"]), (failed("g/a", 1, 90), 90), (ClockJumped(by_s=-50.0), 45))
    back = batch.tasks[A].phase
    assert isinstance(back, BackingOff)
    assert back.restart_at == 70


def test_breakers_and_staggers_move() -> None:
    own = group(
        breaker=BreakerPolicy(consecutive=1), stagger_low_s=100.0, stagger_high_s=100.5, parallel=2
    )
    batch = after(begun(["g/a", "g/b"], [own]), (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10))
    staggered_at = batch.groups[G].next_launch_at
    batch = after(batch, (ClockJumped(by_s=1000.0), 60))
    opened = batch.groups[G].breaker
    assert isinstance(opened, Open)
    assert opened.probe_at == 1910
    assert batch.groups[G].next_launch_at == staggered_at + 1000


def test_a_breaker_alone_moves() -> None:
    batch = begun(["g/a", "g/b"], [group(breaker=BreakerPolicy(consecutive=1), parallel=1)])
    batch = after(
        batch, (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10), (ClockJumped(by_s=5.0), 60)
    )
    opened = batch.groups[G].breaker
    assert isinstance(opened, Open)
    assert opened.probe_at == 915


def test_a_stagger_alone_moves() -> None:
    own = group(stagger_low_s=100.0, stagger_high_s=100.5)
    batch = begun(["g/a", "g/b"], [own])
    at = batch.groups[G].next_launch_at
    batch = after(batch, (ClockJumped(by_s=10.0), 60))
    assert batch.groups[G].next_launch_at == at + 10


def test_stated_holds_stay_and_others_move() -> None:
    for retry_at, expected in ((5000.0, 5060.0), (None, 1400.0)):
        event = failed("g/a", 1, 100, ErrorClass.USAGE_WINDOW, retry_at=retry_at)
        batch = after(begun(["g/a"]), (event, 100), JUMP)
        held = batch.limits[L].phase
        assert isinstance(held, Holding)
        assert held.until == expected


def test_probes_and_ramps_move() -> None:
    batch = begun([f"g/{letter}" for letter in "abcdef"], [group(parallel=4)])
    batch = after(batch, *((failed(f"g/{one}", 1, 50, ErrorClass.QUOTA), 50) for one in "abcd"))
    batch, _, _ = asked(batch, Resume(name="g"), 60)
    unconfirmed = batch.limits[L].phase
    batch = after(batch, (ClockJumped(by_s=5.0), 65), (started("g/a", 2, 66), 66))
    assert batch.limits[L].phase != unconfirmed
    batch = after(batch, (ClockJumped(by_s=5.0), 70))
    probing = batch.limits[L].phase
    assert isinstance(probing, Probing)
    assert probing.passes_at == 66 + 100 + 5
    batch = after(batch, (ended("g/a", 2, 80), 80), (ClockJumped(by_s=5.0), 85))
    ramping = batch.limits[L].phase
    assert isinstance(ramping, Ramping)
    assert ramping.next_at == 80 + 100 + 5


def test_the_retry_of_a_full_disk_moves() -> None:
    batch = after(
        begun(["g/a"]), (failed("g/a", 1, 10, ErrorClass.DISK_FULL), 10), (ClockJumped(by_s=50), 60)
    )
    assert batch.desk.disk_until == 360
    assert len(after(batch, (Tick(), 360)).live) == 1


def test_the_clock_of_a_clean_stretch_moves() -> None:
    own = group(parallel=2, parallel_least=1)
    limited = failed("g/a", 1, 10, ErrorClass.RATE_LIMIT)
    batch = after(begun(["g/a", "g/b"], [own]), (limited, 10), (ClockJumped(by_s=1000.0), 1020))
    assert batch.groups[G].following.rises_at == 1130
