"""What holds a limit, for how long, and what is old news; one incident is one hold."""

import pytest

from supervisor.core.batch import Free, Holding, Limit, LimitPhase, Probing
from supervisor.core.effects import RunRefresh
from supervisor.core.events import RefreshEnded, Tick
from supervisor.core.intents import Resume
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId
from supervisor.core.phase import Held, Starting, Waiting
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup
from tests.fakes.night import after, asked, begun, ended, failed, group, play, start, started, task

T = LimitId("trapi")
LOGIN = LimitSpec(name=T, refresh=CommandSpec(run="login"))
AUTH, WINDOW, QUOTA = ErrorClass.AUTH, ErrorClass.USAGE_WINDOW, ErrorClass.QUOTA


def night(count: int = 8, parallel: int = 4, limits: tuple[LimitSpec, ...] = ()) -> Batch:
    """A group on one account, with its first attempts running since 0."""
    names = [f"g/{number}" for number in range(count)]
    batch = begun([task(name, limits=(T,)) for name in names], [group(parallel=parallel)], limits)
    return after(batch, *((started(name, 1, 0), 0) for name in names[:parallel]))


def limit(batch: Batch) -> Limit:
    return batch.limits[T]


def phase(batch: Batch) -> LimitPhase:
    return batch.limits[T].phase


def test_a_usage_window_holds_until_its_stated_reset_plus_slack() -> None:
    batch = after(night(), (failed("g/0", 1, 100, WINDOW, retry_at=3700), 100))
    assert phase(batch) == Holding(
        since=100, until=3760, reason=batch.tasks[TaskId("g/0")].history[0].cause, stated=True
    )
    assert isinstance(batch.tasks[TaskId("g/0")].phase, Held)
    assert isinstance(batch.tasks[TaskId("g/7")].phase, Waiting), "others just wait"
    assert batch.tasks[TaskId("g/0")].failures == 0
    assert next_wakeup(batch) == 3760


def test_an_unstated_window_waits_longer_each_time_it_did_not_help() -> None:
    batch = night(count=1, parallel=1)
    now, attempt, waits = 0.0, 1, []
    for _ in range(6):
        now += 100
        batch = after(batch, (failed("g/0", attempt, now, WINDOW), now))
        wakeup = next_wakeup(batch)
        assert wakeup is not None
        waits.append(wakeup - now)
        now, attempt = wakeup, attempt + 1
        batch = after(batch, (Tick(), now))
    assert waits == [300, 600, 1200, 2400, 3600, 3600]
    assert limit(batch).pause_count == 6


def test_a_reset_that_did_not_help_doubles_the_wait() -> None:
    """The text says ``resets 6am`` again, just after 6am."""
    batch = after(
        night(count=1, parallel=1),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        (Tick(), 417),
        (failed("g/0", 2, 420, WINDOW, retry_at=400), 420),
    )
    assert next_wakeup(batch) == 420 + 600
    later = after(batch, (Tick(), 1020), (failed("g/0", 3, 1030, WINDOW, retry_at=90_000), 1030))
    assert next_wakeup(later) == 90_000 + 60, "a later reset is believed"


def test_a_second_pause_during_the_first_extends_it() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        (failed("g/1", 1, 150, WINDOW, retry_at=900), 150),
        (failed("g/2", 1, 160, WINDOW, retry_at=500), 160),
        (failed("g/3", 1, 170, WINDOW), 170),
    )
    assert next_wakeup(batch) == 900 + 39.5
    assert limit(batch).pause_count == 1


def test_a_late_end_of_an_attempt_begun_before_the_release_is_the_same_incident() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        (Tick(), 417),
        (failed("g/1", 1, 450, WINDOW), 450),
    )
    assert isinstance(phase(batch), Probing)
    assert isinstance(batch.tasks[TaskId("g/1")].phase, Waiting)
    batch = after(batch, (failed("g/2", 1, 460, WINDOW, retry_at=5000), 460))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.until == 5060
    assert limit(batch).holds == 1, "it says nothing about whether the first wait helped"


def test_a_long_rate_limit_holds_the_limit_and_a_short_one_the_task() -> None:
    batch = after(night(), (failed("g/0", 1, 100, ErrorClass.RATE_LIMIT, retry_at=110), 100))
    assert phase(batch) == Free()
    batch = after(batch, (failed("g/1", 1, 100, ErrorClass.RATE_LIMIT, retry_at=220), 100))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.until == 220 + 8
    assert isinstance(batch.tasks[TaskId("g/1")].phase, Held)


def test_a_quota_waits_for_the_operator() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, QUOTA), 100),
        (failed("g/1", 1, 101, QUOTA), 101),
        (failed("g/2", 1, 102, WINDOW, retry_at=900), 102),
        (failed("g/3", 1, 103, AUTH), 103),
    )
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator
    assert next_wakeup(batch) is None
    batch, text, _ = asked(batch, Resume(name="trapi"), 5000)
    assert "released" in text
    assert isinstance(batch.tasks[TaskId("g/0")].phase, Starting)
    _, text, _ = asked(batch, Resume(name="trapi"), 5001)
    assert "does not hold" in text


def test_a_quota_overrules_a_wait() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        (failed("g/1", 1, 101, QUOTA), 101),
    )
    assert next_wakeup(batch) is None


def test_a_quota_of_an_attempt_begun_before_the_release_is_old_news() -> None:
    batch = after(night(), (failed("g/0", 1, 100, QUOTA), 100))
    batch, _, _ = asked(batch, Resume(name="trapi"), 200)
    batch = after(batch, (failed("g/1", 1, 210, QUOTA), 210))
    assert isinstance(phase(batch), Probing)


def test_an_expired_login_is_refreshed_once_and_probed() -> None:
    batch = play(
        night(limits=(LOGIN,)),
        (failed("g/0", 1, 100, AUTH), 100, [RunRefresh(limit=T)]),
        (failed("g/1", 1, 101, AUTH), 101, []),
        (RefreshEnded(limit=T, cause=""), 110, [start("g/0", 2)]),
        (failed("g/2", 1, 111, AUTH), 111, []),
    )
    assert limit(batch).pause_count == 1, "attempts begun before the refresh: the same incident"
    assert limit(batch).refreshed_at == 110
    assert isinstance(batch.tasks[TaskId("g/2")].phase, Waiting)
    batch = play(batch, (failed("g/0", 2, 130, AUTH), 130, []))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator
    assert held.until is None


def test_a_login_that_expires_much_later_is_a_new_incident() -> None:
    batch = play(
        night(count=2, parallel=1, limits=(LOGIN,)),
        (failed("g/0", 1, 100, AUTH), 100, [RunRefresh(limit=T)]),
        (RefreshEnded(limit=T, cause=""), 110, [start("g/0", 2)]),
        (started("g/0", 2, 110), 110, []),
        (Tick(), 310, []),
    )
    assert phase(batch) == Free()
    play(batch, (failed("g/0", 2, 3700, AUTH), 3700, [RunRefresh(limit=T)]))


def test_a_login_that_fails_soon_after_its_probe_passed_needs_you() -> None:
    batch = play(
        night(count=2, parallel=1, limits=(LOGIN,)),
        (failed("g/0", 1, 100, AUTH), 100, [RunRefresh(limit=T)]),
        (RefreshEnded(limit=T, cause=""), 110, [start("g/0", 2)]),
        (ended("g/0", 2, 120), 120, [start("g/1", 1)]),
        (failed("g/1", 1, 200, AUTH), 200, []),
    )
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator


def test_without_a_command_the_restart_is_the_refresh() -> None:
    batch = play(
        night(),
        (failed("g/0", 1, 100, AUTH), 100, []),
        (failed("g/1", 1, 102, AUTH), 102, []),
        (Tick(), 130, [start("g/0", 2, 1)]),
        (failed("g/0", 2, 140, AUTH), 140, []),
    )
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator
    batch, _, _ = asked(batch, Resume(name="trapi"), 200)
    assert limit(batch).refreshed_at == 200


def test_auth_holds_only_the_limits_that_can_be_refreshed() -> None:
    gpu = LimitId("gpu")
    batch = begun([task("g/0", limits=(gpu, T)), task("g/1", limits=(gpu,))], limits=[LOGIN])
    batch = after(batch, (failed("g/0", 1, 100, AUTH), 100))
    assert batch.limits[gpu].phase == Free()
    assert isinstance(batch.limits[T].phase, Holding)


def test_a_stated_reset_is_believed_once_the_wait_before_it_helped() -> None:
    batch = after(
        night(parallel=8, count=12),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        *((ended(f"g/{n}", 1, 101), 101) for n in range(1, 8)),
        (Tick(), 417),
        (ended("g/0", 2, 420), 420),
    )
    batch = after(batch, (failed("g/8", 1, 430, WINDOW, retry_at=440), 430))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.until == pytest.approx(440 + 2 + 0.5)
