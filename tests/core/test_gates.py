"""A limit's own commands are asked first: before a group starts, and instead of a probe."""

import pytest

from supervisor.core.batch import Checking, Free, Holding, LimitPhase, Probing, Ramping
from supervisor.core.effects import Effect, RunPreflight, RunRefresh
from supervisor.core.events import ClockJumped, Event, PreflightEnded, RefreshEnded, Tick
from supervisor.core.intents import Refresh, Resume
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId, TaskSpec
from supervisor.core.policy import PREFLIGHTS
from supervisor.core.state import Batch, all_rows, assemble, fresh, spec_of
from supervisor.core.step import effects_in_force, next_wakeup, step
from supervisor.core.why import why
from tests.fakes.night import (
    UUID,
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    play,
    start,
    started,
    task,
)

T = LimitId("trapi")
PING = CommandSpec(run="ping", timeout_s=30)
CHECKED = LimitSpec(name=T, preflight=PING)
VALUED = LimitSpec(name=T, refresh=CommandSpec(run="login", every_s=2700, env=("TOKEN",)))
BOTH = LimitSpec(name=T, refresh=CommandSpec(run="login", env=("TOKEN",)), preflight=PING)
PREFLIGHT, REFRESH = RunPreflight(limit=T), RunRefresh(limit=T)
WINDOW = ErrorClass.USAGE_WINDOW


def tasks(*names: str) -> list[TaskSpec]:
    return [task(name, limits=(T,)) for name in names]


def night(spec: LimitSpec, *names: str, parallel: int = 4) -> Batch:
    return fresh(
        batch_spec(tasks(*(names or ("g/a", "g/b"))), [group(parallel=parallel)], [spec]), UUID, 0.0
    )


def passes() -> PreflightEnded:
    return PreflightEnded(limit=T, cause="")


def fails(
    error_class: ErrorClass | None = None, retry_at: float | None = None, cause: str = "no"
) -> PreflightEnded:
    return PreflightEnded(limit=T, cause=cause, error_class=error_class, retry_at=retry_at)


def renewed(cause: str = "") -> RefreshEnded:
    return RefreshEnded(limit=T, cause=cause)


def phase(batch: Batch) -> LimitPhase:
    return batch.limits[T].phase


def anew(batch: Batch) -> Batch:
    """The batch as an engine that begins anew has it."""
    return assemble(spec_of(batch), all_rows(batch))


def test_nothing_is_launched_before_the_preflight_has_passed() -> None:
    batch = play(night(CHECKED), (Tick(), 0, [PREFLIGHT]), (Tick(), 5, []))
    assert effects_in_force(batch) == (PREFLIGHT,)
    assert why(batch, TaskId("g/a"), 5)[1] == (
        "- trapi waits for its preflight, which is run: before g starts."
    )
    batch = play(batch, (passes(), 6, [start("g/a"), start("g/b", slot=2)]))
    assert phase(batch) == Free()
    assert play(batch, (passes(), 7, []), (fails(), 8, [])) is batch, "nobody asked"


def test_groups_that_start_together_need_one_preflight_and_later_ones_their_own() -> None:
    names = tasks("g/a", "h/a", "k/a", "k/b")
    names[2] = task("k/a", limits=(T,), not_before=500.0)
    names[3] = task("k/b", limits=(T,), needs=("k/a",))
    batch = play(
        fresh(batch_spec(names, [], [CHECKED]), UUID, 0.0),
        (Tick(), 0, [PREFLIGHT]),
        (passes(), 6, [start("g/a"), start("h/a")]),
        (Tick(), 500, [PREFLIGHT]),
        (passes(), 501, [start("k/a")]),
        (ended("k/a", 1, 900), 900, [start("k/b")]),
    )
    later = after(batch, (Tick(), 1000))
    assert phase(later) == Free()


def test_a_new_engine_asks_again() -> None:
    batch = after(night(CHECKED, "g/a", "g/b", parallel=1), (Tick(), 0), (passes(), 1))
    batch = anew(batch)
    batch = play(batch, (Tick(), 20, []), (ended("g/a", 1, 30), 30, [PREFLIGHT]))


def test_one_that_fails_holds_with_the_reason_and_longer_each_time() -> None:
    batch = after(night(CHECKED), (Tick(), 0), (fails(), 1))
    held = phase(batch)
    assert held == Holding(since=1, until=61, reason="preflight failed: no")
    assert batch.limits[T].pause_count == 1
    batch = play(batch, (Tick(), 61, [PREFLIGHT]), (fails(), 62, []))
    assert next_wakeup(batch) == 62 + 120
    assert batch.limits[T].pause_count == 1, "it is the same pause"
    batch = play(
        batch, (Tick(), 182, [PREFLIGHT]), (passes(), 183, [start("g/a"), start("g/b", 1, 2)])
    )
    assert isinstance(phase(batch), Ramping), "it is as good as a probe"
    assert batch.limits[T].waited_s == 180


def test_a_person_looks_at_one_that_fails_on_and_on() -> None:
    batch = after(night(CHECKED), (Tick(), 0), (fails(), 1))
    for _ in range(10):
        at = next_wakeup(batch) or 0.0
        batch = after(batch, (Tick(), at), (fails(), at + 1))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator


def test_servers_that_fail_are_asked_often_and_for_ever() -> None:
    batch, now, waits = after(night(CHECKED), (Tick(), 0)), 1.0, []
    for _ in range(2 * PREFLIGHTS):
        batch = after(batch, (fails(ErrorClass.SERVER_ERROR), now))
        hold = phase(batch)
        assert isinstance(hold, Holding)
        assert hold.until is not None
        assert hold.outage
        waits.append(hold.until - now)
        batch, now = after(batch, (Tick(), hold.until)), hold.until + 1
    assert waits[:4] == [30, 60, 120, 120]
    assert waits[-1] == 120


def test_a_reset_that_it_states_is_waited_for() -> None:
    batch = after(night(CHECKED), (Tick(), 0), (fails(WINDOW, 1000, "resets 4pm"), 10))
    assert next_wakeup(batch) == 1000 + 2 + 0.05 * 990
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.stated


@pytest.mark.parametrize("error_class", [ErrorClass.QUOTA, ErrorClass.BROKEN, ErrorClass.AUTH])
def test_what_no_wait_cures_needs_the_operator(error_class: ErrorClass) -> None:
    batch = after(night(CHECKED), (Tick(), 0), (fails(error_class), 1))
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator
    batch, text, _ = asked(batch, Resume(name=T), 50)
    assert "released" in text
    assert phase(batch) == Checking(
        since=50, step="preflight", reason="preflight failed: no", after_hold=True
    )


def test_an_expired_login_is_refreshed_once_and_asked_again() -> None:
    spec = LimitSpec(name=T, refresh=CommandSpec(run="login"), preflight=PING)
    batch = play(
        night(spec),
        (Tick(), 0, [PREFLIGHT]),
        (fails(ErrorClass.AUTH), 1, [REFRESH]),
        (renewed(), 5, [PREFLIGHT]),
        (fails(ErrorClass.AUTH), 6, []),
    )
    held = phase(batch)
    assert isinstance(held, Holding)
    assert held.needs_operator


def test_a_preflight_takes_the_place_of_the_probe() -> None:
    batch = after(
        night(CHECKED, "g/a", "g/b", "g/c"),
        (Tick(), 0),
        (passes(), 1),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (ended("g/b", 1, 110), 110),
        (ended("g/c", 1, 110), 110),
    )
    batch = play(
        batch, (Tick(), 417, [PREFLIGHT]), (Tick(), 430, []), (passes(), 431, [start("g/a", 2)])
    )
    assert phase(batch) == Ramping(since=431, allowed=2, next_at=431 + 30, pace_s=30)


def test_the_operator_goes_on_without_it() -> None:
    batch = after(night(CHECKED), (Tick(), 0))
    batch, text, _ = asked(batch, Resume(name=T), 5)
    assert phase(batch) == Free()
    assert len(batch.live) == 2
    assert "released" in text
    held = after(
        night(CHECKED, "g/a", parallel=1),
        (Tick(), 0),
        (passes(), 1),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (Tick(), 417),
    )
    batch, _, _ = asked(held, Resume(name=T), 420)
    assert isinstance(phase(batch), Probing), "then a task is the probe"
    assert len(batch.live) == 1


def test_a_value_that_nobody_has_is_made_before_anything_is_launched() -> None:
    batch = play(night(VALUED), (Tick(), 0, [REFRESH]))
    assert effects_in_force(batch) == (REFRESH,)
    assert why(batch, TaskId("g/a"), 5)[1] == (
        "- trapi waits for its credential: its refresh is run, before g starts."
    )
    batch = play(batch, (renewed(), 3, [start("g/a"), start("g/b", slot=2)]))
    assert phase(batch) == Free()
    assert next_wakeup(batch) == 3 + 2700


def test_then_its_preflight_is_run() -> None:
    play(
        night(BOTH),
        (Tick(), 0, [REFRESH]),
        (renewed(), 3, [PREFLIGHT]),
        (passes(), 4, [start("g/a"), start("g/b", slot=2)]),
    )


def test_a_new_engine_makes_the_value_anew_whatever_the_limit_did() -> None:
    batch = after(
        night(VALUED, "g/a", "g/b", "g/c", parallel=4),
        (Tick(), 0),
        (renewed(), 3),
        *((failed(f"g/{name}", 1, 100, WINDOW, retry_at=400), 100) for name in "abc"),
    )
    held = play(anew(batch), (Tick(), 300, []), (Tick(), 417, [REFRESH]))
    held = play(held, (renewed(), 420, [start("g/a", 2)]))
    assert isinstance(phase(held), Probing)
    probing = after(
        batch, (Tick(), 417), (started("g/a", 2, 417), 417), (ended("g/a", 2, 420), 420)
    )
    assert isinstance(phase(probing), Ramping)
    lost = ended("g/b", 2, 431, None, preset=ErrorClass.LOST, cause="reboot")
    ramping = play(anew(probing), (Tick(), 430, []), (lost, 431, [REFRESH]))
    checking = phase(ramping)
    assert isinstance(checking, Checking)
    assert (checking.after_hold, checking.usual_s) == (True, 97)


def test_a_new_engine_finds_a_limit_that_was_to_be_probed() -> None:
    batch = after(
        night(VALUED, "g/a", "g/b", parallel=1),
        (Tick(), 0),
        (renewed(), 3),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
        (Tick(), 417),
        (ended("g/a", 2, 418, None, preset=ErrorClass.LOST, cause="reboot"), 418),
    )
    batch = anew(batch)
    batch = play(batch, (Tick(), 430, []), (ended("g/a", 3, 431, 1), 431, [REFRESH]))
    checking = phase(batch)
    assert isinstance(checking, Checking)
    assert checking.after_hold


def test_it_is_renewed_again_and_again() -> None:
    batch = after(night(VALUED), (Tick(), 0), (renewed(), 3))
    batch = play(batch, (Tick(), 2703, [REFRESH]), (renewed(), 2710, []))
    assert next_wakeup(batch) == 2710 + 2700
    batch = play(batch, (Tick(), 5410, [REFRESH]))
    assert next_wakeup(batch) == 5410 + 2700, "a command that hangs has its own time-out"


def test_it_is_not_renewed_twice_at_once_nor_for_a_batch_that_is_over() -> None:
    batch = after(night(VALUED), (Tick(), 0), (renewed(), 3))
    batch = after(batch, (failed("g/a", 1, 2700, ErrorClass.AUTH), 2700))
    batch = play(batch, (Tick(), 2703, []))
    over = after(night(VALUED, "g/a"), (Tick(), 0), (renewed(), 3), (ended("g/a", 1, 9), 9))
    play(over, (Tick(), 2703, []))


def test_a_refresh_that_the_file_no_longer_plans_is_not_run() -> None:
    batch = after(night(VALUED), (Tick(), 0), (renewed(), 3))
    spec = spec_of(batch)
    plain = assemble(batch_spec(spec.tasks, spec.groups, [LimitSpec(name=T)]), all_rows(batch))
    batch = play(plain, (Tick(), 2703, []))
    assert next_wakeup(batch) is None
    once = assemble(
        batch_spec(spec.tasks, spec.groups, [LimitSpec(name=T, refresh=CommandSpec(run="l"))]),
        all_rows(plain),
    )
    play(once, (Tick(), 2703, []))


def test_a_401_is_the_same_incident_while_the_value_is_made() -> None:
    batch = after(night(VALUED, "g/a", "g/b", "g/c", parallel=2), (Tick(), 0), (renewed(), 3))
    batch = play(anew(batch), (ended("g/a", 1, 10), 10, [REFRESH]))
    batch = play(batch, (failed("g/b", 1, 11, ErrorClass.AUTH), 11, []))
    assert isinstance(phase(batch), Checking)


def test_a_401_while_a_group_waits_for_its_preflight() -> None:
    spec = LimitSpec(name=T, refresh=CommandSpec(run="login"), preflight=PING)
    names = tasks("g/a", "h/a")
    names[1] = task("h/a", limits=(T,), not_before=500.0)
    batch = play(
        fresh(batch_spec(names, [], [spec]), UUID, 0.0),
        (Tick(), 0, [PREFLIGHT]),
        (passes(), 1, [start("g/a")]),
        (Tick(), 500, [PREFLIGHT]),
        (failed("g/a", 1, 501, ErrorClass.AUTH), 501, [REFRESH]),
        (passes(), 502, []),
        (renewed(), 505, [PREFLIGHT]),
        (passes(), 506, [start("h/a"), start("g/a", 2)]),
    )
    assert batch.limits[T].pause_count == 1


def test_plans_move_with_the_clock() -> None:
    batch = after(night(VALUED), (Tick(), 0), (renewed(), 3), (ClockJumped(by_s=3600.0), 10))
    assert next_wakeup(batch) == 3 + 2700 + 3600


def test_an_order_for_the_refresh_while_it_is_waited_for_is_not_given_twice() -> None:
    batch = after(night(VALUED), (Tick(), 0))
    batch, effects = step(batch, *_wanted(Refresh(limit=T), 1))
    assert REFRESH not in effects


def _wanted(intent: Refresh, now: float) -> tuple[Event, float]:
    from supervisor.core.events import Wanted

    return Wanted(intent=intent, who="ann"), now


def test_plain_limits_cost_no_effect() -> None:
    effects: tuple[Effect, ...]
    _, effects = step(fresh(batch_spec(["g/a"]), UUID, 0.0), Tick(), 0)
    assert start("g/a") in effects
    assert begun(["g/a"]).limits[LimitId("g")].phase == Free()
