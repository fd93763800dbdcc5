"""What idle containers advise is done by itself where the batch file says so, and nowhere else."""

from dataclasses import replace

from supervisor.core.batch import Inner
from supervisor.core.effects import TurnKnob
from supervisor.core.intents import SetParallel
from supervisor.core.models import GroupId, InnerPolicy
from supervisor.core.picture import head
from supervisor.core.state import Batch
from supervisor.core.step import step
from tests.core.test_idle_advice import corebench, of, seen
from tests.fakes.night import after, asked, begun, group, started

G = GroupId("g")


def night(**policy: object) -> Batch:
    """Twenty attempts at work, in a group that lowers itself."""
    own = group(**{"parallel": 20, "parallel_least": 1, "auto_parallel": True, **policy})
    batch = begun([f"g/{n:02}" for n in range(30)], [own])
    return after(batch, *((started(f"g/{n:02}", 1, 1.0), 1.0) for n in range(20)))


def test_it_is_lowered_and_nothing_is_killed() -> None:
    batch = night()
    after_it, effects = step(batch, corebench(), 60.0)
    assert after_it.groups[G].parallel == 5
    assert [one for one in effects if type(one).__name__ == "StopAttempt"] == []
    assert any("20 -> 5: 57 of 60 containers idle" in str(one) for one in effects)
    assert head(after_it, 60.0).advice == ()


def test_without_the_key_it_is_only_advised() -> None:
    batch = after(night(auto_parallel=False), (corebench(), 60.0))
    assert batch.groups[G].parallel == 20
    assert [one.suggested for one in head(batch, 60.0).advice] == [5]


def test_it_keeps_within_the_range() -> None:
    assert after(night(parallel_least=8), (corebench(), 60.0)).groups[G].parallel == 8


def test_a_number_that_a_person_gave_stays() -> None:
    batch, _, refused = asked(night(), SetParallel(group=G, parallel=19), 50.0)
    assert not refused
    assert after(batch, (corebench(), 60.0)).groups[G].parallel == 19


def test_nothing_is_done_where_all_work() -> None:
    rows = [of(n, busy=1, idle=2) for n in range(20)]
    assert after(night(), (seen(*rows), 60.0)).groups[G].parallel == 20


def runner(inner: InnerPolicy) -> Batch:
    own = group(parallel=1, auto_parallel=True, inner=inner)
    return after(begun(["g/00"], [own]), (started("g/00", 1, 1.0), 1.0))


def test_the_knob_inside_of_a_runner_is_turned_where_that_ends_nothing() -> None:
    told = InnerPolicy(knob="capsules", start=20, least=1, apply="run", run="tell {n}")
    batch, effects = step(runner(told), seen(of(0, busy=3, dead_idle=57)), 60.0)
    assert batch.groups[G].inner == Inner(value=5)
    assert [one.value for one in effects if isinstance(one, TurnKnob)] == [5]
    again = after(batch, (seen(of(0, busy=3, dead_idle=57)), 91.0))
    assert again.groups[G].inner == replace(batch.groups[G].inner or Inner(value=0), value=5)


def test_no_runner_is_restarted_without_being_asked() -> None:
    batch = after(
        runner(InnerPolicy(knob="capsules", start=20, least=1, apply="restart")),
        (seen(of(0, busy=3, dead_idle=57)), 60.0),
    )
    assert batch.groups[G].inner is None
    assert [one.suggested for one in head(batch, 60.0).advice] == [5]
