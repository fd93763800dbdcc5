"""Busy, idle, waiting for an answer, dead: by at least two signs."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.containers import (
    HISTORY_POINTS,
    Container,
    ContainerUsage,
    Signals,
)
from supervisor.core.idleness import Track, Verdict, judged, measured, quiet_since

ONE = Container(id="1", name="agentrun--x", image="hal", created_at=0.0, status="running", pid=7)
SLEEPS = Signals(at=60.0, extra_processes=0, sleeper=True, connections=0)
WORKS = Signals(at=60.0, extra_processes=2, sleeper=True, connections=0)


def used(at: float, cpu_s: float, **more: float) -> ContainerUsage:
    return ContainerUsage(at=at, cpu_s=cpu_s, **more)  # type: ignore[arg-type]


def track(cores: float, *, until: float = 60.0, signals: Signals | None = SLEEPS) -> Track:
    found = Track(first_at=0.0, signals=signals)
    for at in range(0, int(until) + 1, 3):
        found = measured(found, used(at, at * cores))
    return found


def verdict(
    found: Track,
    container: Container = ONE,
    now: float = 60.0,
    *,
    over: bool = False,
    dead_after_s: float | None = None,
) -> Verdict:
    return judged(found, container, now, over=over, dead_after_s=dead_after_s)[1]


def test_cpu_makes_it_busy() -> None:
    one = verdict(track(0.2, signals=WORKS))
    assert (one.state, one.why) == ("busy", "uses CPU, 2 processes alive")


def test_a_sleeper_alone_is_idle_not_dead() -> None:
    one = verdict(track(0.0001))
    assert (one.state, one.why) == ("idle", "no CPU, only its sleeper runs")


def test_an_agent_that_waits_for_its_model_is_not_dead() -> None:
    waits = replace(WORKS, connections=1, extra_processes=1)
    one = verdict(track(0.005, signals=waits), now=9000.0, dead_after_s=600.0)
    assert (one.state, one.answering) == ("idle", True)
    assert one.why == "waits for an answer: 1 process alive, its connection is open"


def test_one_that_has_just_sent_something_waits_as_well() -> None:
    found = Track(first_at=0.0, signals=replace(WORKS, connections=None))
    for at in range(0, 61, 3):
        found = measured(found, used(at, 0.0, net_bytes=at * 2000, sent_bytes=at * 1000))
    assert verdict(found).answering
    assert not verdict(found, now=600.0).answering


def test_neighbours_chatter_is_not_a_sign_of_life() -> None:
    found = Track(first_at=0.0, signals=WORKS)
    for at in range(0, 61, 3):
        found = measured(found, used(at, 0.0, net_bytes=at * 2000, sent_bytes=at))
    assert not verdict(found).answering
    assert found.net_rate == 2000


def test_a_crashed_exec_that_left_its_error_is_dead() -> None:
    crashed = replace(SLEEPS, error_file="/workspace/error.log", error_at=40.0)
    found, one = judged(track(0.0, signals=crashed), ONE, 60.0, over=False, dead_after_s=None)
    assert one.state == "dead_idle"
    assert one.why == "/workspace/error.log was written, no CPU, only its sleeper runs"
    assert found.since == 40.0


def test_the_runner_has_time_to_see_the_error_itself() -> None:
    assert verdict(track(0.0, signals=replace(SLEEPS, error_at=55.0))).state == "idle"


def test_an_error_is_not_the_end_while_something_runs() -> None:
    again = replace(WORKS, error_file="/workspace/error.log", error_at=10.0)
    assert verdict(track(0.0, signals=again)).state == "idle"


def test_an_error_file_of_the_image_tells_nothing() -> None:
    old = replace(SLEEPS, error_at=-500.0)
    assert verdict(track(0.0, signals=old)).state == "idle"


def test_work_that_was_done_after_all_is_not_dead() -> None:
    done = replace(SLEEPS, error_at=10.0, output_file="/workspace/output.json", output_at=20.0)
    one = verdict(track(0.0, signals=done))
    assert (one.state, one.why) == (
        "idle",
        "/workspace/output.json was written, only its sleeper runs",
    )


def test_what_an_ended_attempt_left_is_dead() -> None:
    assert verdict(track(0.0), over=True).state == "dead_idle"
    assert verdict(track(0.2), over=True).state == "busy"


def test_silence_is_death_only_where_somebody_said_so() -> None:
    silent = track(0.0)
    assert verdict(silent, now=90_000.0).state == "idle"
    assert verdict(silent, now=90_000.0, dead_after_s=7200.0).state == "dead_idle"
    assert verdict(silent, now=3600.0, dead_after_s=7200.0).state == "idle"
    hung = track(0.0, signals=WORKS)
    assert verdict(hung, now=90_000.0, dead_after_s=7200.0).state == "dead_idle"
    assert verdict(hung, now=90_000.0).why == "no CPU, no network in use; 2 processes alive"


def test_a_container_that_is_its_own_work_is_never_called_asleep() -> None:
    own = Signals(at=60.0, extra_processes=0, sleeper=False, connections=0, error_at=30.0)
    assert (
        verdict(track(0.0, signals=own)).why
        == "no CPU, no network in use; its own process is alive"
    )


def test_one_sign_alone_is_no_verdict() -> None:
    assert verdict(track(0.0, signals=None)).state == "unknown"
    assert verdict(track(0.0, signals=Signals(at=1.0, sleeper=True))).state == "unknown"
    assert verdict(Track(first_at=0.0, signals=SLEEPS)).why == "not measured yet"
    assert verdict(track(0.2, signals=None)).why == "uses CPU"


def test_what_does_not_run_says_what_became_of_it() -> None:
    found = track(0.2)
    assert verdict(found, replace(ONE, status="paused")).state == "paused"
    assert verdict(found, replace(ONE, status="created")).state == "created"
    ended = replace(ONE, status="exited", exit_code=1)
    assert verdict(found, ended) == Verdict(state="exited", why="exit 1")
    assert verdict(found, replace(ended, oom_killed=True)).why == "killed for want of memory"
    assert verdict(found, replace(ONE, status="dead")).why == "dead"


def test_a_state_lasts_since_its_last_sign_of_work() -> None:
    found = track(0.2, until=30.0)
    found, _ = judged(found, ONE, 30.0, over=False, dead_after_s=None)
    assert (found.state, found.since) == ("busy", 30.0)
    for at in range(33, 90, 3):
        found = measured(found, used(at, 6.0))
    found, _ = judged(found, ONE, 90.0, over=False, dead_after_s=None)
    assert (found.state, found.since) == ("idle", 30.0)
    assert quiet_since(found) == 30.0
    again, _ = judged(found, ONE, 95.0, over=False, dead_after_s=None)
    assert again is found


def test_files_remember_what_nobody_watched() -> None:
    found = track(0.0, signals=replace(SLEEPS, written_at=-7200.0))
    assert quiet_since(found) == -7200.0
    assert verdict(found, dead_after_s=600.0).state == "idle", "but nobody watched its CPU"
    of_the_image = replace(found, created_at=-60.0)
    assert quiet_since(of_the_image) == -60.0
    assert quiet_since(Track(first_at=0.0)) is None


def test_counters_that_go_back_begin_anew() -> None:
    found = measured(track(0.2), used(63.0, 0.0))
    assert verdict(found).why == "not measured yet"


def test_history_is_bounded_and_tells_ten_minutes() -> None:
    found = track(0.5, until=3600.0)
    assert len(found.points) == HISTORY_POINTS
    assert set(found.points) == {0.5}
    assert len(found.recent) < 12


def test_a_pause_of_the_watch_leaves_no_hole_in_the_history() -> None:
    found = measured(track(0.0), used(120.0, 30.0))
    assert found.points == (0.0, 0.0, 0.0, 0.0, 0.5, 0.5, 0.5, 0.5)
    assert verdict(found, now=120.0).state == "busy"


def test_rates_and_throttling() -> None:
    found = Track(first_at=0.0)
    for at in range(0, 31, 3):
        found = measured(found, used(at, 0, block_bytes=at * 10, throttled_s=at * 0.5))
    assert (found.block_rate, found.throttled, found.net_rate) == (10, 0.5, None)


@given(st.lists(st.tuples(st.floats(0.1, 100), st.floats(-1, 50)), max_size=60))
def test_any_readings_leave_a_bounded_track(steps: list[tuple[float, float]]) -> None:
    found, at, cpu_s = Track(first_at=0.0, signals=SLEEPS), 0.0, 0.0
    for span_s, spent_s in steps:
        at, cpu_s = at + span_s, max(0.0, cpu_s + spent_s)
        found, one = judged(
            measured(found, used(at, cpu_s)), ONE, at, over=False, dead_after_s=60.0
        )
        assert one.state in {"busy", "idle", "dead_idle", "unknown"}
        assert len(found.points) <= HISTORY_POINTS
        assert len(found.recent) < 250
