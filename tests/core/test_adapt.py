"""Parallelism that follows limits: halved once per episode, one more after a clean stretch."""

from dataclasses import replace

import pytest

from supervisor.core import inner
from supervisor.core.adapt import CLEAN_S, EPISODE_S, SPELL_S, due, note, why_full
from supervisor.core.batch import Following, Group
from supervisor.core.blocks import group_reason
from supervisor.core.draft import Draft
from supervisor.core.effects import Record, TurnKnob
from supervisor.core.events import ClockJumped, Detected, Ended, Event, KnobTurned, Tick
from supervisor.core.intents import FollowLimits, SetParallel
from supervisor.core.models import Detection, ErrorClass, GroupId, GroupSpec, InnerPolicy, TaskId
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.step import next_wakeup, step
from tests.fakes.night import after, asked, begun, ended, failed, group, task

G = GroupId("g")
RANGE = group(parallel=4, parallel_least=1)
TOLD = InnerPolicy(knob="capsules", start=20, least=3, apply="run", run="tell {n}")
MANY = [f"g/{number}" for number in range(9)]
LIMITED = ErrorClass.RATE_LIMIT


def runs(batch: Batch) -> int:
    return batch.groups[G].parallel


def inside(batch: Batch) -> int | None:
    return inner.value(batch.group_specs[G], batch.groups[G])


def night(spec: GroupSpec = RANGE, tasks: int = 9) -> Batch:
    return begun(MANY[:tasks], [spec])


def records(batch: Batch, event: Event, now: float) -> list[str]:
    return [one.text for one in step(batch, event, now)[1] if isinstance(one, Record)]


def storm(id_: str, now: float, times: int = 20, attempt: int = 1) -> Detected:
    said = Detection(
        rule="http.429",
        error_class=LIMITED,
        line="429 Too Many Requests",
        stream="stderr",
        strong=True,
        written_at=now,
        repeats=times,
    )
    return Detected(task=TaskId(id_), attempt=attempt, detection=said)


def test_a_rate_limit_halves_a_range_and_says_why() -> None:
    batch = night()
    event = failed("g/0", 1, 10, LIMITED, cause="429")
    assert "4 -> 2: rate limit: 429" in records(batch, event, 10)
    batch = after(batch, (event, 10))
    assert runs(batch) == 2
    assert batch.slots[G].bit_count() == 3, "what runs, runs on"


def test_one_episode_halves_once_however_often_it_is_met() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 10 + n, LIMITED), 10 + n) for n in range(3)))
    assert runs(batch) == 2
    assert not batch.groups[G].following.coming_down
    late = 11 + EPISODE_S - 1
    batch = after(batch, (failed("g/3", 1, late, LIMITED), late))
    assert runs(batch) == 2, "calls that were under way"
    again = 11 + EPISODE_S + 1
    batch = after(batch, (failed("g/4", 1, again, LIMITED), again))
    assert runs(batch) == 1
    last = again + EPISODE_S + 1
    batch = after(batch, (failed("g/5", 1, last, LIMITED), last))
    assert runs(batch) == 1, "the lower end"


def test_while_more_run_than_should_it_is_the_same_episode() -> None:
    batch = after(night(), (storm("g/0", 10), 10), (storm("g/1", 3000), 3000))
    assert runs(batch) == 2
    assert batch.groups[G].following.coming_down
    batch = after(batch, (ended("g/0", 1, 3100), 3100), (ended("g/1", 1, 3200), 3200))
    assert not batch.groups[G].following.coming_down


def test_the_same_storm_told_twice_is_one() -> None:
    batch = after(night(), (storm("g/0", 10), 10))
    assert after(batch, (storm("g/0", 11), 11)).groups == batch.groups


def test_a_clean_stretch_with_all_slots_in_use_lets_one_more_run() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(2)))
    assert next_wakeup(after(batch, (Tick(), 100))) == 10 + CLEAN_S
    at = 10 + CLEAN_S
    assert "2 -> 3: 2m with all in use, and no rate limit" in records(batch, Tick(), at)
    batch = after(batch, (Tick(), at))
    assert runs(batch) == 3
    assert batch.slots[G].bit_count() == 3
    batch = after(batch, (Tick(), at + CLEAN_S))
    assert runs(batch) == 4
    assert batch.groups[G].following.rises_at is None
    assert note(batch.group_specs[G], batch.groups[G]) is None


def test_a_free_slot_stops_the_clock_and_a_limit_sets_it_back() -> None:
    batch = after(night(tasks=3), (failed("g/0", 1, 10, LIMITED), 10), (Tick(), 50))
    batch = after(batch, (ended("g/1", 1, 70), 70))
    assert batch.groups[G].following.rises_at == 10 + CLEAN_S
    batch = after(batch, (ended("g/2", 1, 80), 80))
    stopped = batch.groups[G].following
    assert (stopped.rises_at, stopped.clean_s) == (None, 70)
    batch = after(batch, (storm("g/0", 90, attempt=2), 90))
    assert batch.groups[G].following.clean_s == 0


def test_a_number_that_the_operator_gave_stays() -> None:
    batch, text, _ = asked(night(), SetParallel(group=G, parallel=3), 5)
    assert text == (
        "g runs 3 at once; 4 run now, none is killed;"
        " limits change it again after: overnight parallel g auto"
    )
    batch = after(batch, (failed("g/0", 1, 10, LIMITED), 10))
    assert runs(batch) == 3
    assert note(batch.group_specs[G], batch.groups[G]) == "fixed at 3 of 1..4"
    batch, text, _ = asked(batch, FollowLimits(group=G), 20)
    assert text == "g: runs 3 at once, of 1..4, as limits allow"
    batch = after(batch, (failed("g/1", 1, 30, LIMITED), 30))
    assert runs(batch) == 3, "what ran before met it"
    batch = after(batch, (failed("g/2", 1, 90, LIMITED), 90))
    assert runs(batch) == 1


def test_one_number_is_not_changed_by_limits() -> None:
    batch = after(night(group()), *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(3)))
    assert runs(batch) == 4
    assert batch.groups[G].following.met == 3
    batch = after(batch, (Tick(), 10 + SPELL_S))
    assert batch.groups[G].following == Group(name=G, parallel=4).following


def test_memory_lowers_by_one_and_a_range_stays_below_that() -> None:
    batch = after(night(), (failed("g/0", 1, 10, ErrorClass.HOST_OOM), 10))
    assert runs(batch) == 3
    assert note(batch.group_specs[G], batch.groups[G]) == "3 of 1..4 (memory)"
    assert why_full(batch, G) == ", lowered from 4 for want of memory"
    batch = after(batch, (Tick(), 10 + 5 * CLEAN_S))
    assert runs(batch) == 3, "it does not come back to what was too much"


@pytest.mark.parametrize(("least", "lowest"), [(None, 1), (3, 3)])
def test_memory_lowers_no_further_than_the_range(least: int | None, lowest: int) -> None:
    batch = night(group(parallel_least=least))
    for number in range(4):
        event = failed(f"g/{number}", 1, 10, ErrorClass.HOST_OOM)
        batch = after(batch, (event, 10))
    assert runs(batch) == lowest


def test_a_lowered_group_says_so_when_it_is_full() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(2)))
    assert group_reason(batch, G, 11) == "g runs 2 of 2 at once, lowered from 4 by rate limits"
    assert note(batch.group_specs[G], batch.groups[G]) == "2 of 1..4"
    assert group_reason(night(), G, 11) == "g runs 4 of 4 at once"


def test_who_may_be_lowered_for_idleness_says_so() -> None:
    spec = group(parallel_least=1, auto_parallel=True)
    batch = after(night(spec), (failed("g/0", 1, 10, LIMITED), 10))
    assert why_full(batch, G) == ", lowered from 4 by rate limits or idle containers"


def test_a_clock_that_runs_out_at_the_top_raises_nothing() -> None:
    draft = Draft(night(), 500.0)
    draft.put_group(replace(draft.groups[G], following=Following(rises_at=400.0)))
    due(draft, G)
    assert draft.groups[G] == night().groups[G]


def test_a_clock_that_jumps_makes_no_stretch_shorter() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(2)))
    batch = after(batch, (ClockJumped(by_s=5000), 5020))
    assert runs(batch) == 2
    assert batch.groups[G].following.rises_at == 10 + CLEAN_S + 5000
    batch = after(batch, (ClockJumped(by_s=-5000), 30))
    batch = after(batch, (failed("g/2", 1, 31, LIMITED), 31))
    assert runs(batch) == 2


def test_an_episode_from_a_clock_that_was_ahead_is_over() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 9000, LIMITED), 9000) for n in range(3)))
    batch = after(batch, (ClockJumped(by_s=-8000), 1000))
    assert runs(after(batch, (failed("g/3", 1, 1001, LIMITED), 1001))) == 1


def test_inside_of_runners_it_follows_too_where_nobody_must_be_restarted() -> None:
    batch = night(group(parallel=1, inner=TOLD))
    batch, effects = step(batch, storm("g/0", 10), 10)
    assert TurnKnob(task=TaskId("g/0"), attempt=1, value=10) in effects
    assert "capsules 20 -> 10: rate limit: 429 Too Many Requests" in [
        one.text for one in effects if isinstance(one, Record)
    ]
    batch = after(batch, (storm("g/0", 30, 40), 30))
    assert inside(batch) == 10, "the same episode"
    batch = after(batch, (Tick(), 30 + CLEAN_S))
    assert inside(batch) == 11
    assert note(batch.group_specs[G], batch.groups[G]) == "capsules 11 of 20"


def test_what_fell_last_rises_first() -> None:
    spec = group(parallel=2, parallel_least=1, inner=TOLD)
    batch = night(spec)
    now = 10.0
    for _ in range(3):
        batch = after(batch, (fails(batch, now), now))
        now += EPISODE_S + 1
    assert note(spec, batch.groups[G]) == "1 of 1..2, capsules 5 of 20"
    for _ in range(15):
        now += CLEAN_S
        batch = after(batch, (Tick(), now))
    assert note(spec, batch.groups[G]) == "1 of 1..2"
    batch = after(batch, (Tick(), now + CLEAN_S))
    assert note(spec, batch.groups[G]) is None


def test_it_goes_no_lower_than_its_least() -> None:
    batch = night(group(parallel=1, inner=TOLD))
    for number in range(5):
        now = 10 + number * (EPISODE_S + 1)
        batch = after(batch, (fails(batch, now), now))
    assert inside(batch) == 3
    assert batch.groups[G].following.met == 2, "nothing is left to lower"


def fails(batch: Batch, now: float) -> Ended:
    """Return that the first that lives met a rate limit."""
    id_ = next(id_ for _, id_ in batch.live)
    return failed(id_, batch.tasks[id_].attempt, now, LIMITED)


def test_memory_turns_the_inner_knob_where_only_one_runs() -> None:
    batch = after(
        night(group(parallel=1, inner=TOLD)), (failed("g/0", 1, 10, ErrorClass.HOST_OOM), 10)
    )
    assert inside(batch) == 10


def test_an_operators_inner_number_stays() -> None:
    batch, _, _ = asked(night(group(parallel=1, inner=TOLD)), SetParallel(group=G, parallel=8), 5)
    batch = after(batch, (storm("g/0", 10), 10))
    assert inside(batch) == 8
    assert batch.groups[G].following.met == 3
    batch, text, _ = asked(batch, FollowLimits(group=G), 20)
    assert text == "g: capsules 8, of 3..20, as limits allow"
    told = KnobTurned(task=TaskId("g/0"), attempt=1, value=8, cause="")
    batch = after(batch, (told, 21), (storm("g/0", 90, 80), 90))
    assert inside(batch) == 4


def test_a_group_without_limits_of_its_own_follows_what_its_own_attempts_meet() -> None:
    specs = [task("g/0", limits=("trapi",)), task("h/0", limits=("trapi",))]
    batch = begun(specs, [RANGE, group("h", parallel_least=1)])
    batch = after(batch, (storm("g/0", 10), 10))
    assert (runs(batch), batch.groups[GroupId("h")].parallel) == (2, 4)


def test_a_new_engine_begins_each_stretch_anew() -> None:
    batch = after(night(), *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(2)))
    again = after(assemble(spec_of(batch), all_rows(batch)), (Tick(), 50_000))
    assert runs(again) == 2
    assert again.groups[G].following.rises_at == 50_000 + CLEAN_S


def test_a_number_for_all_leaves_the_inner_clock_going() -> None:
    batch = after(night(group(parallel=1, inner=TOLD)), (storm("g/0", 10), 10))
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=2, knob="parallel"), 20)
    assert batch.groups[G].following.rises_at == 20 + CLEAN_S


def test_heavy_tasks_come_down_and_rise_too() -> None:
    tasks = [task(f"g/{number}", weight=3) for number in range(9)]
    batch = begun(tasks, [group(parallel=8, parallel_least=1)])
    assert batch.slots[G].bit_count() == 2
    batch = after(batch, (failed("g/0", 1, 10, LIMITED), 10))
    assert runs(batch) == 4, "one of them fits, and a free slot is no use to the next"
    batch = after(batch, (Tick(), 10 + CLEAN_S))
    assert runs(batch) == 5
    now = 10 + CLEAN_S
    for expected in (2, 1):
        now += 100
        batch = after(batch, (fails(batch, now), now))
        assert runs(batch) == expected
    assert not batch.groups[G].following.coming_down, "it runs alone"
