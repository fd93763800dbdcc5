"""Launches only inside of the hours, and none after ``--until``."""

from dataclasses import replace

from supervisor.core.batch import Rows
from supervisor.core.blocks import batch_reason, task_reasons
from supervisor.core.effects import EndEngine, Record
from supervisor.core.events import ClockJumped, Tick
from supervisor.core.hours import Hours
from supervisor.core.intents import Reload, Resume
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.options import RunOptions
from supervisor.core.picture import head
from supervisor.core.resume import plan
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.step import next_wakeup, step
from tests.fakes.night import UUID, after, asked, batch_spec, begun, ended, group, play, start

DAY = Hours(opens=60, closes=120)
"""01:00 to 02:00 UTC; the batch begins at midnight."""


def test_nothing_is_launched_before_the_hours_open() -> None:
    batch = begun(["g/a"], hours=DAY)
    assert not batch.live
    assert next_wakeup(batch) == 3600
    assert task_reasons(batch, TaskId("g/a"), 5) == (
        "launches only 01:00-02:00; the next at 01:00",
    )
    shown = head(batch, 5)
    assert (shown.state, shown.launches_at) == ("held", 3600)
    assert shown.reason == "launches only 01:00-02:00; the next at 01:00"
    batch = play(batch, (Tick(), 3600, [start("g/a")]))
    assert next_wakeup(batch) == 7200


def test_what_runs_at_their_end_runs_on() -> None:
    batch = after(begun(["g/a", "g/b"], [group(parallel=1)], hours=DAY), (Tick(), 3600))
    batch = play(batch, (Tick(), 7200, []), (ended("g/a", 1, 7300), 7300, []))
    assert head(batch, 7300).state == "held"
    play(batch, (Tick(), 86400 + 3600, [start("g/b")]))


def test_opening_and_closing_are_written_down_once() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)], hours=DAY)
    batch, effects = step(batch, Tick(), 3600)
    assert Record(kind="hours", subject="", text="launching goes on") in effects
    batch, effects = step(batch, Tick(), 7200)
    told = "nothing is launched before 01:00 (hours 01:00-02:00)"
    assert Record(kind="hours", subject="", text=told) in effects
    assert step(batch, Tick(), 7201)[1] == ()


def test_a_clock_that_jumped_is_looked_at_again() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)], hours=DAY)
    batch = play(batch, (ClockJumped(by_s=3700), 3700, [start("g/a")]))
    assert next_wakeup(batch) == 7200


def test_hours_are_taken_over_and_away_by_a_reload() -> None:
    spec = batch_spec(["g/a", "g/b"], [group(parallel=1)], hours=DAY)
    batch, text, _ = asked(begun(["g/a", "g/b"], [group(parallel=1)]), Reload(spec=spec), 10)
    assert text == "other settings: the batch"
    batch = play(batch, (ended("g/a", 1, 20), 20, []))
    batch, _, _ = asked(batch, Reload(spec=replace(spec, hours=None)), 30)
    assert len(batch.live) == 1


def test_a_row_of_hours_that_are_no_more_says_nothing() -> None:
    batch = begun(["g/a"], hours=DAY)
    bare = assemble(replace(spec_of(batch), hours=None), all_rows(batch))
    assert batch_reason(bare) is None


def until(batch: Batch, at: float | None, now: float) -> Batch:
    rows = all_rows(batch)
    stored = _Stored(spec_of(batch), rows)
    planned = plan(stored.spec, stored, RunOptions(until=at), now, UUID)
    return after(planned.batch, (Tick(), now))


class _Stored:
    def __init__(self, spec: BatchSpec, rows: Rows) -> None:
        self.spec = spec
        self.rows = rows


def test_after_its_time_a_run_waits_for_what_runs_and_ends() -> None:
    batch = until(begun(["g/a", "g/b"], [group(parallel=1)]), 500, 5)
    assert next_wakeup(batch) == 500
    batch = play(batch, (Tick(), 500, []))
    told = "the time given with --until has come: the engine ends once what runs now is over"
    assert batch_reason(batch) == told
    batch = play(batch, (ended("g/a", 1, 600), 600, [EndEngine(why="stopped")]))
    assert (head(batch, 600).state, head(batch, 600).time_up) == ("stopped", True)
    assert next_wakeup(batch) is None


def test_a_time_that_came_while_no_engine_ran_ends_the_run_at_once() -> None:
    batch = after(begun(["g/a", "g/b"], [group(parallel=1)]), (ended("g/a", 1, 5), 5))
    batch = after(batch, (ended("g/b", 1, 6, None), 6))
    batch = until(batch, 500, 900)
    assert batch.desk.ended_at == 900
    assert not batch.live


def test_the_next_run_goes_on_and_resume_takes_it_back() -> None:
    batch = until(begun(["g/a", "g/b"], [group(parallel=1)]), 500, 5)
    batch = after(batch, (Tick(), 500))
    resumed, _, _ = asked(batch, Resume(), 510)
    play(resumed, (ended("g/a", 1, 600), 600, [start("g/b")]))
    batch = after(batch, (ended("g/a", 1, 600), 600))
    batch = until(batch, None, 700)
    assert len(batch.live) == 1
    assert not head(batch, 700).time_up


def test_a_clock_that_jumps_does_not_move_the_time_of_until() -> None:
    batch = until(begun(["g/a", "g/b"], [group(parallel=1)]), 500, 5)
    assert after(batch, (ClockJumped(by_s=90), 100)).desk.until == 500


def test_a_stop_under_way_stays_what_it_is() -> None:
    batch = until(begun(["g/a", "g/b"], [group(parallel=1)]), 500, 5)
    batch = after(batch, (Tick(), 6))
    stopping = replace(batch.desk, stopping="stop")
    batch = assemble(spec_of(batch), replace(all_rows(batch), desk=stopping))
    assert after(batch, (Tick(), 500)).desk.stopping == "stop"
