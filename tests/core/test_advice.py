"""Advice: what to turn, to what, and why; taken in the unit of the knob that exists."""

from dataclasses import replace

from supervisor.core.advice import advice
from supervisor.core.board import Advice
from supervisor.core.containers import ContainerCounts, ContainersNow, TaskContainers
from supervisor.core.events import ContainersSeen, Tick
from supervisor.core.intents import SetParallel
from supervisor.core.models import ErrorClass, GroupId, GroupSpec, InnerPolicy
from supervisor.core.state import Batch
from tests.fakes.night import after, asked, begun, ended, failed, group

G = GroupId("g")
INNER = InnerPolicy(knob="capsules", start=20)
LIMITED = ErrorClass.RATE_LIMIT
MANY = [f"g/{number}" for number in range(9)]


def limited(spec: GroupSpec, times: int = 3, tasks: int = 9) -> Batch:
    events = ((failed(f"g/{n}", 1, 10 + n, LIMITED), 10 + n) for n in range(times))
    return after(begun(MANY[:tasks], [spec]), *events)


def test_one_number_and_many_rate_limits_are_advice() -> None:
    assert advice(limited(group(), times=2), 70) == ()
    assert advice(limited(group()), 70) == (
        Advice(
            group="g",
            parallel=4,
            suggested=2,
            why="3 rate limits in 1m: it said so",
        ),
    )


def test_a_range_lowers_itself_and_one_at_a_time_cannot_be_less() -> None:
    assert advice(limited(group(parallel_least=1)), 70) == ()
    batch = begun(MANY, [group(parallel=1)])
    for now in (10, 20, 30):
        id_ = next(id_ for _, id_ in batch.live)
        batch = after(batch, (failed(id_, batch.tasks[id_].attempt, now, LIMITED), now))
    assert batch.groups[G].following.met == 3
    assert advice(batch, 40) == ()


def test_what_was_done_about_it_is_no_advice_any_more() -> None:
    batch, _, _ = asked(limited(group()), SetParallel(group=G, parallel=2), 70)
    assert advice(batch, 71) == ()
    over = limited(group(), times=3, tasks=3)
    spare = after(over, (Tick(), 60), *((ended(f"g/{n}", 2, 100), 100) for n in range(3)))
    assert advice(spare, 100) == ()


def test_the_inner_knob_comes_first_and_a_restart_asks() -> None:
    (one,) = advice(limited(group(inner=INNER)), 70)
    assert (one.knob, one.parallel, one.suggested) == ("capsules", 20, 10)
    assert one.restart


def test_a_command_that_the_operator_fixed_restarts_nobody() -> None:
    spec = group(inner=replace(INNER, apply="run", run="tell {n}"))
    batch, _, _ = asked(begun(MANY, [spec]), SetParallel(group=G, parallel=8), 5)
    batch = after(batch, *((failed(f"g/{n}", 1, 10, LIMITED), 10) for n in range(3)))
    (one,) = advice(batch, 70)
    assert (one.knob, one.parallel, one.suggested, one.restart) == ("capsules", 8, 4, False)


def test_at_its_least_inside_fewer_should_run() -> None:
    (one,) = advice(limited(group(inner=replace(INNER, least=20))), 70)
    assert (one.knob, one.parallel, one.suggested, one.restart) == ("parallel", 4, 2, False)


def test_who_was_not_restarted_yet_is_advice() -> None:
    batch = begun(["g/0", "g/1"], [group(parallel=2, inner=INNER)])
    batch, text, _ = asked(batch, SetParallel(group=G, parallel=5), 6)
    assert advice(batch, 7) == (
        Advice(
            group="g",
            parallel=20,
            suggested=5,
            why="2 running attempts must be restarted to take it up",
            knob="capsules",
            source="restart",
            restart=True,
        ),
    )
    assert text.endswith("keep what they have until restarted: overnight parallel g 5 --yes")


def test_containers_that_stand_by_are_advice_for_the_inner_knob() -> None:
    batch = begun(["g/0"], [group(inner=INNER)])
    counts = ContainerCounts(busy=3, idle=57)
    rows = TaskContainers(group="g", task=None, owned=60, counts=counts, idle_since=10.0)
    batch = after(batch, (ContainersSeen(now=ContainersNow(tasks=(rows,))), 100))
    (one,) = advice(batch, 100)
    assert (one.knob, one.parallel, one.suggested) == ("capsules", 20, 5)
    assert (one.source, one.restart) == ("idle", True)
    assert one.why.startswith("57 of 60 containers idle for 1m")
