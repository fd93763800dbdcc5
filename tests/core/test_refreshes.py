"""What the outcome of a refresh means for its limit."""

from supervisor.core.batch import Checking, Free, Holding, LimitPhase
from supervisor.core.effects import RunRefresh
from supervisor.core.events import RefreshEnded, Tick
from supervisor.core.intents import Refresh, Resume
from supervisor.core.models import CommandSpec, ErrorClass, LimitId, LimitSpec, TaskId
from supervisor.core.needs_you import needs_you
from supervisor.core.state import Batch, all_rows, assemble, fresh, spec_of
from supervisor.core.step import next_wakeup
from supervisor.core.why import why
from tests.fakes.night import UUID, after, asked, batch_spec, failed, group, play, start, task

T = LimitId("trapi")
LOGIN = LimitSpec(name=T, refresh=CommandSpec(run="az login"))
VALUED = LimitSpec(name=T, refresh=CommandSpec(run="login", every_s=2700, env=("TOKEN",)))
REFRESH = RunRefresh(limit=T)
AUTH, NETWORK = ErrorClass.AUTH, ErrorClass.NETWORK


def night(spec: LimitSpec) -> Batch:
    """Two tasks, one at a time, the first about to run."""
    tasks = [task(name, limits=(T,)) for name in ("g/a", "g/b")]
    return after(fresh(batch_spec(tasks, [group(parallel=1)], [spec]), UUID, 0.0), (Tick(), 0))


def refresh_fails(error_class: ErrorClass | None = None, cause: str = "no") -> RefreshEnded:
    return RefreshEnded(limit=T, cause=cause, error_class=error_class)


WORKED = RefreshEnded(limit=T, cause="")


def phase(batch: Batch) -> LimitPhase:
    return batch.limits[T].phase


def held(batch: Batch) -> Holding:
    found = phase(batch)
    assert isinstance(found, Holding)
    return found


def test_a_network_that_is_down_is_tried_again() -> None:
    batch = after(night(LOGIN), (failed("g/a", 1, 100, AUTH, cause="401"), 100))
    batch = play(
        batch,
        (refresh_fails(NETWORK, "no route"), 110, []),
        (Tick(), 140, [REFRESH]),
        (refresh_fails(NETWORK, "no host"), 150, []),
    )
    assert held(batch).reason == "login refused or expired: 401; refresh failed: no host"
    assert next_wakeup(batch) == 150 + 60
    assert why(batch, TaskId("g/a"), 150)[1] == (
        "trapi is held; its refresh is tried again in 1m: login refused or expired: 401;"
        " refresh failed: no host."
    )
    play(batch, (Tick(), 210, [REFRESH]), (WORKED, 211, [start("g/a", 2)]))


def test_but_not_for_ever() -> None:
    batch = after(night(LOGIN), (failed("g/a", 1, 100, AUTH), 100))
    now = 100.0
    for _ in range(6):
        assert not held(batch).needs_operator
        batch = after(batch, (refresh_fails(NETWORK), now))
        now = next_wakeup(batch) or now
        batch = after(batch, (Tick(), now))
    assert held(batch).needs_operator
    (need,) = needs_you(batch, now)
    assert need.command == "az login --use-device-code; overnight resume trapi"


def test_the_operator_tries_at_once() -> None:
    batch = after(night(LOGIN), (failed("g/a", 1, 100, AUTH), 100), (refresh_fails(NETWORK), 110))
    batch, _, _ = asked(batch, Refresh(limit=T), 115)
    assert held(batch).refreshing
    play(batch, (Tick(), 140, []), (WORKED, 141, [start("g/a", 2)]))


def test_a_first_refresh_that_fails_launches_nothing() -> None:
    batch = after(night(VALUED), (refresh_fails(AUTH, "AADSTS700082"), 5))
    assert held(batch).reason == "refresh failed: AADSTS700082"
    assert held(batch).needs_operator
    assert batch.limits[T].pause_count == 1
    batch, _, _ = asked(batch, Resume(name=T), 50)
    assert phase(batch) == Checking(
        since=50, step="refresh", reason="refresh failed: AADSTS700082", after_hold=True
    ), "attempts would lack the value"
    batch = after(batch, (refresh_fails(NETWORK, "no route"), 55))
    assert held(batch).reason == "refresh failed: no route"
    assert batch.limits[T].pause_count == 1
    play(batch, (Tick(), 85, [REFRESH]), (WORKED, 90, [start("g/a")]))


def test_one_in_good_times_is_told_and_holds_nobody() -> None:
    batch = after(night(VALUED), (WORKED, 3))
    batch = play(batch, (Tick(), 2703, [REFRESH]), (refresh_fails(None, "exit 1"), 2710, []))
    assert phase(batch) == Free()
    (need,) = needs_you(batch, 2710)
    assert need.command == "overnight refresh trapi"
    assert "exit 1" in need.why
    batch = after(batch, (WORKED, 2800))
    assert needs_you(batch, 2800) == ()


def test_a_command_that_the_file_no_longer_has() -> None:
    batch = after(night(VALUED), (failed("g/a", 1, 5, AUTH), 5))
    spec = spec_of(batch)
    plain = assemble(batch_spec(spec.tasks, spec.groups, [LimitSpec(name=T)]), all_rows(batch))
    assert held(after(plain, (refresh_fails(), 10))).needs_operator
    worked = after(plain, (WORKED, 10))
    assert next_wakeup(worked) is None
