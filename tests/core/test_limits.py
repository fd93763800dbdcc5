"""Limits are refreshed, released, probed and ramped up."""

from supervisor.core.batch import Free, Holding, Limit, LimitPhase, Probing, Ramping
from supervisor.core.events import ClockJumped, RefreshEnded, Tick
from supervisor.core.intents import Cancel, Kill, Refresh
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId
from supervisor.core.state import Batch
from supervisor.core.step import next_wakeup
from supervisor.core.why import why
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


def test_after_a_hold_one_task_probes_and_the_rest_ramps_up() -> None:
    batch = after(
        night(),
        (failed("g/0", 1, 100, WINDOW, retry_at=400), 100),
        *((failed(f"g/{n}", 1, 100 + n, WINDOW, retry_at=400), 100 + n) for n in (1, 2, 3)),
    )
    assert limit(batch).pause_count == 1, "several ends at once are one incident"
    batch = play(
        batch,
        (Tick(), 417, [start("g/0", 2)]),
        (started("g/0", 2, 417), 417, []),
        (Tick(), 500, []),
    )
    probing = phase(batch)
    assert isinstance(probing, Probing)
    assert (probing.probe, probing.passes_at, probing.usual_s) == ("g/0", 417 + 200, 100)
    batch = play(batch, (Tick(), 617, [start("g/1", 2, 2)]))
    assert phase(batch) == Ramping(since=617, allowed=2, next_at=817, pace_s=200)
    batch = play(batch, (Tick(), 817, [start("g/2", 2, 3), start("g/3", 2, 4)]))
    assert phase(batch) == Free()
    assert limit(batch).holds == 0
    assert limit(batch).waited_s == 317


def test_a_probe_that_succeeds_passes_at_once() -> None:
    batch = after(
        night(parallel=8, count=9),
        *((failed(f"g/{n}", 1, 100, WINDOW, retry_at=400), 100) for n in range(8)),
        (Tick(), 417),
    )
    batch = play(batch, (ended("g/0", 2, 420), 420, [start("g/1", 2), start("g/2", 2, 2)]))
    ramping = phase(batch)
    assert isinstance(ramping, Ramping)
    assert ramping.allowed == 2
    batch = play(batch, (ended("g/1", 2, 425), 425, [start("g/3", 2, 1), start("g/4", 2, 3)]))
    assert len(batch.live) == 3, "each success lets one more run"
    batch = play(batch, (failed("g/2", 2, 426), 426, [start("g/5", 2, 2)]))
    assert len(batch.live) == 3, "no more than the ramp allows"


def test_short_tasks_end_the_ramp_in_their_own_time() -> None:
    batch = after(
        night(parallel=3, count=9),
        *((failed(f"g/{n}", 1, 100, WINDOW, retry_at=400), 100) for n in range(3)),
        (Tick(), 417),
        (ended("g/0", 2, 418), 418),
        (ended("g/1", 2, 419), 419),
    )
    assert phase(batch) == Free()


def test_a_probe_that_proves_nothing_hands_on_to_the_next() -> None:
    batch = after(night(), (failed("g/0", 1, 100, WINDOW, retry_at=400), 100))
    batch = after(batch, *((ended(f"g/{n}", 1, 200), 200) for n in (1, 2, 3)))
    batch = play(
        batch,
        (Tick(), 417, [start("g/0", 2)]),
        (failed("g/0", 2, 418), 418, [start("g/4", 1)]),
    )
    probing = phase(batch)
    assert isinstance(probing, Probing)
    assert probing.probe == "g/4"


def test_a_refresh_that_fails_needs_the_operator() -> None:
    batch = after(
        night(limits=(LOGIN,)),
        (failed("g/0", 1, 100, AUTH), 100),
        (RefreshEnded(limit=T, cause="exit 1: no network"), 110),
    )
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator
    assert "no network" in held.reason
    batch, _, _ = asked(batch, Refresh(limit=T), 200)
    play(batch, (RefreshEnded(limit=T, cause=""), 210, [start("g/0", 2)]))


def test_a_refresh_ends_but_the_window_stays_closed() -> None:
    batch = after(
        night(limits=(LOGIN,)),
        (failed("g/0", 1, 100, AUTH), 100),
        (failed("g/1", 1, 101, WINDOW, retry_at=900), 101),
        (RefreshEnded(limit=T, cause=""), 110),
    )
    assert next_wakeup(batch) == 900 + 2 + 0.05 * 799
    assert isinstance(phase(batch), Holding)


def test_a_refresh_in_good_times_holds_nobody() -> None:
    batch, text, _ = asked(night(limits=(LOGIN,)), Refresh(limit=T), 10)
    assert "being refreshed" in text
    batch = after(batch, (RefreshEnded(limit=T, cause="no network"), 20))
    assert phase(batch) == Free()
    batch = after(batch, (RefreshEnded(limit=T, cause=""), 30))
    assert limit(batch).refreshed_at == 30
    assert phase(batch) == Free()


def test_a_probe_that_is_killed_is_followed_by_another() -> None:
    batch = after(night(), (failed("g/0", 1, 100, WINDOW, retry_at=400), 100))
    batch = after(batch, *((ended(f"g/{n}", 1, 200), 200) for n in (1, 2, 3)), (Tick(), 417))
    batch, _, _ = asked(batch, Kill(targets=("g/0",)), 420)
    play(batch, (ended("g/0", 2, 421, 143), 421, [start("g/0", 3)]))


def test_a_hold_without_tasks_of_its_own_is_released_all_the_same() -> None:
    batch = after(night(), (failed("g/0", 1, 100, WINDOW, retry_at=400), 100))
    batch, _, _ = asked(batch, Cancel(targets=("g/0",)), 110)
    batch = after(batch, (Tick(), 417))
    probing = phase(batch)
    assert isinstance(probing, Probing)
    assert probing.usual_s == 0


def test_a_failed_refresh_does_not_prolong_a_hold_with_an_end_of_its_own() -> None:
    batch = after(night(limits=(LOGIN,)), (failed("g/0", 1, 100, WINDOW, retry_at=400), 100))
    batch, _, _ = asked(batch, Refresh(limit=T), 150)
    batch = after(batch, (RefreshEnded(limit=T, cause="no network"), 160))
    assert next_wakeup(batch) == 417


def test_launches_keep_the_pace_that_the_limit_allows() -> None:
    paced = LimitSpec(name=T, pace_s=120.0)
    names = ["g/0", "g/1", "h/0"]
    batch = begun([task(name, limits=(T,)) for name in names], [group()], [paced])
    assert [id_ for _, id_ in batch.live] == ["g/0"]
    assert next_wakeup(batch) == 120
    assert why(batch, TaskId("g/1"), 20)[1] == (
        "- trapi allows 30 launches an hour; the next is in 1m40s."
    )
    batch = play(batch, (Tick(), 119, []), (Tick(), 120, [start("h/0")]))
    batch = play(batch, (ClockJumped(by_s=60.0), 130, []), (Tick(), 240, []))
    batch = play(batch, (Tick(), 300, [start("g/1", 1, 2)]))
    batch = after(batch, (Tick(), 500), (failed("g/0", 1, 501, WINDOW, retry_at=600), 501))
    assert next_wakeup(batch) == 600 + 2 + 0.05 * 99
