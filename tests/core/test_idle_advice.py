"""Advice from containers that stand by: never below what works, and only where it is worth it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core import idle_advice
from supervisor.core.board import Advice
from supervisor.core.containers import ContainerCounts, ContainersNow, TaskContainers
from supervisor.core.events import ContainersSeen, Tick
from supervisor.core.idle_advice import advice, fewer, inner_advice, strained, working
from supervisor.core.models import GroupId, TaskId
from supervisor.core.picture import head
from supervisor.core.state import Batch
from tests.fakes.night import after, begun, ended, group, started

G = GroupId("g")


def night(tasks: int = 20, parallel: int = 20) -> Batch:
    """A group at work: ``tasks`` attempts that began at 1."""
    batch = begun([f"g/{n:02}" for n in range(tasks)], [group(parallel=parallel)])
    return after(batch, *((started(f"g/{n:02}", 1, 1.0), 1.0) for n in range(min(tasks, parallel))))


def of(
    n: int | None, *, idle_since: float | None = 10.0, answering: int = 0, **counts: int
) -> TaskContainers:
    return TaskContainers(
        group="g",
        task=None if n is None else TaskId(f"g/{n:02}"),
        owned=sum(counts.values()),
        counts=ContainerCounts(**counts),
        answering=answering,
        idle_since=idle_since,
    )


def seen(
    *rows: TaskContainers, daemon: float | None = 0.4, host: float | None = 0.5
) -> ContainersSeen:
    now = ContainersNow(tasks=rows, host_cores=2, host_busy=host, daemon_busy=daemon)
    return ContainersSeen(now=now)


def corebench(busy: int = 3) -> ContainersSeen:
    """Sixty containers of twenty tasks: so many busy, twenty dead, the rest idle."""
    return seen(
        *(of(n, busy=1, idle=2) for n in range(busy)),
        *(of(n, dead_idle=1, idle=2) for n in range(busy, 20)),
    )


def test_what_corebench_needed_is_what_is_advised() -> None:
    batch = after(night(), (corebench(), 60.0))
    [told] = head(batch, 60.0).advice
    assert told == Advice(
        group="g",
        parallel=20,
        suggested=5,
        why="57 of 60 containers idle for 50s, 17 dead, daemon at 40% CPU; 3 of 20 tasks at work",
        source="idle",
    )
    later = after(batch, (corebench(), 800.0))
    [told] = head(later, 800.0).advice
    assert "idle for 13m" in told.why


def test_nobody_looks_nothing_is_advised() -> None:
    assert head(night(), 60.0).advice == ()
    assert advice(night(), G, 60.0) is None
    assert inner_advice(night(), G, 60.0, inner=20) is None
    assert working(night(), G, 60.0) is None


def test_what_waits_for_an_answer_works() -> None:
    rows = [of(n, idle=3, answering=1, idle_since=2.0) for n in range(20)]
    batch = after(night(), (seen(*rows), 60.0))
    assert head(batch, 60.0).advice == ()
    assert working(batch, G, 60.0) == 20


def test_a_short_pause_is_work() -> None:
    busy = [of(n, busy=1, idle=2, idle_since=50.0) for n in range(3)]
    rest = [of(n, idle=3, idle_since=50.0) for n in range(3, 20)]
    batch = after(night(), (seen(*busy, *rest), 60.0))
    assert working(batch, G, 60.0) == 20
    assert head(batch, 60.0).advice == ()


def test_the_making_of_containers_is_no_work_to_be_remembered() -> None:
    young = [of(n, idle=3, idle_since=8.0) for n in range(20)]
    batch = after(night(), (seen(*young), 16.0))
    assert head(batch, 16.0).advice == ()
    batch = after(batch, (corebench(), 46.0))
    assert [one.suggested for one in head(batch, 46.0).advice] == [5]


def test_attempts_of_which_no_container_is_known_count_as_work() -> None:
    rows = [of(n, busy=1, idle=5) for n in range(3)]
    batch = after(night(), (seen(*rows), 60.0))
    assert working(batch, G, 60.0) == 20
    assert head(batch, 60.0).advice == ()
    some = [*rows, *(of(n, idle=3) for n in range(3, 18))]
    batch = after(night(), (seen(*some), 60.0))
    assert [one.suggested for one in head(batch, 60.0).advice] == [8]
    loose = seen(of(0, busy=1, idle=5), of(None, busy=1, idle=50))
    batch = after(night(), (loose, 60.0))
    assert working(batch, G, 60.0) == 2
    assert [one.suggested for one in head(batch, 60.0).advice] == [3]


def test_the_most_that_worked_lately_counts() -> None:
    batch = after(night(), (corebench(9), 60.0), (corebench(3), 120.0))
    assert working(batch, G, 120.0) == 9
    assert [one.suggested for one in head(batch, 120.0).advice] == [14]
    batch = after(batch, (corebench(3), 390.0))
    assert [one.suggested for one in head(batch, 390.0).advice] == [5]


def test_what_was_seen_once_of_many_times_is_chance() -> None:
    batch = after(night(), (corebench(), 60.0), (corebench(9), 90.0), (corebench(), 120.0))
    assert working(batch, G, 120.0) == 3
    again = after(batch, (corebench(9), 150.0), (corebench(), 180.0))
    assert working(again, G, 180.0) == 9


def test_the_making_of_containers_uses_cpu_too() -> None:
    batch = after(night(), (corebench(20), 20.0))
    assert head(batch, 20.0).advice == ()
    batch = after(batch, (corebench(3), 50.0))
    assert [one.suggested for one in head(batch, 50.0).advice] == [5]


def test_old_news_advise_nothing() -> None:
    batch = after(night(), (corebench(), 60.0))
    assert head(batch, 250.0).advice == ()
    batch = after(batch, (seen(), 260.0))
    assert head(batch, 260.0).advice == ()
    assert after(batch, (seen(), 700.0)).groups[G].sightings == ()


def test_where_nothing_works_no_number_helps() -> None:
    rows = [of(n, dead_idle=3) for n in range(20)]
    batch = after(night(), (seen(*rows), 60.0))
    assert head(batch, 60.0).advice == ()


def test_a_small_difference_is_not_worth_a_word() -> None:
    batch = after(
        night(5, 5),
        (seen(*(of(n, busy=1, idle=2) for n in range(3)), of(3, idle=3), of(4, idle=3)), 60.0),
    )
    assert head(batch, 60.0).advice == ()


def test_few_tasks_left_need_no_lower_number() -> None:
    batch = night(6, 20)
    rows = [of(0, busy=1), *(of(n, idle=3) for n in range(1, 6))]
    batch = after(batch, (seen(*rows), 60.0))
    assert [one.suggested for one in head(batch, 60.0).advice] == [2]
    over = after(batch, *((ended(f"g/{n:02}", 1, 61.0), 61.0) for n in range(1, 4)), (Tick(), 62.0))
    assert head(over, 62.0).advice == ()


def test_most_must_stand_by() -> None:
    rows = [of(0, busy=5), *(of(n, busy=0, idle=1, paused=3) for n in range(1, 20))]
    batch = after(night(), (seen(*rows), 60.0))
    assert head(batch, 60.0).advice == ()


def test_a_machine_without_a_core_to_spare_gets_less_room() -> None:
    batch = after(night(), (seen(*corebench().now.tasks, host=1.9, daemon=None), 60.0))
    [told] = head(batch, 60.0).advice
    assert told.suggested == 4
    assert "daemon" not in told.why
    assert not strained(ContainersNow(host_busy=1.9))


def test_a_floor_is_kept() -> None:
    batch = after(night(), (corebench(), 60.0))
    told = advice(batch, G, 60.0, least=8)
    assert told is not None
    assert told.suggested == 8


def test_the_knob_of_one_runner_is_advised_in_its_own_unit() -> None:
    batch = begun(["g/00"], [group(parallel=1)])
    batch = after(batch, (started("g/00", 1, 1.0), 1.0))
    batch = after(batch, (seen(of(0, busy=3, dead_idle=20, idle=37)), 60.0))
    assert inner_advice(batch, G, 60.0, inner=20) == (
        5,
        "57 of 60 containers idle for 50s, 20 dead, daemon at 40% CPU; 3 of them at work",
    )
    assert inner_advice(batch, G, 60.0, inner=20, least=7) == (
        7,
        "57 of 60 containers idle for 50s, 20 dead, daemon at 40% CPU; 3 of them at work",
    )
    assert inner_advice(batch, G, 60.0, inner=6) is None
    assert head(batch, 60.0).advice == ()
    fresh = after(batch, (seen(of(0, busy=3, idle=57, idle_since=55.0)), 61.0))
    assert inner_advice(fresh, G, 61.0, inner=20) is None


@given(st.integers(0, 500), st.booleans())
def test_there_is_always_room_above_what_works(works: int, full: bool) -> None:
    assert fewer(works, strained=full) > works


@pytest.mark.parametrize("count", [1, 30, 60])
def test_what_is_kept_is_bounded(count: int) -> None:
    batch = after(night(), *((corebench(), 60.0 + n) for n in range(count)))
    assert len(batch.groups[G].sightings) <= idle_advice._MOST_KEPT
