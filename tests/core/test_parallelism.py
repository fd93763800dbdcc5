"""What an operator sets parallelism to, and what is said to it."""

from dataclasses import replace

import pytest

from supervisor.core.intents import FollowLimits, SetParallel
from supervisor.core.models import ErrorClass, GroupId, InnerPolicy
from supervisor.core.state import Batch
from tests.fakes.night import after, asked, begun, failed, group

G = GroupId("g")
INNER = InnerPolicy(knob="capsules", start=20, least=2)
TOLD = replace(INNER, apply="run", run="tell {n}")


def night(policy: InnerPolicy | None = None, least: int | None = None) -> Batch:
    names = ["g/a", "g/b", "g/c"]
    return begun(names, [group(parallel=2, parallel_least=least, inner=policy)])


def text_of(batch: Batch, number: int, knob: str | None = None, *, restart: bool = False) -> str:
    intent = SetParallel(group=G, parallel=number, knob=knob, restart=restart)
    return asked(batch, intent, 5)[1]


def test_the_knob_that_exists_is_turned_and_named() -> None:
    assert text_of(night(), 3) == "g runs 3 at once"
    assert text_of(night(), 1) == "g runs 1 at once; 2 run now, none is killed"
    assert text_of(night(TOLD), 5) == "g: capsules 5; 2 running attempts are told now"
    assert text_of(night(TOLD), 20) == "g: capsules 20 for attempts to come"
    assert text_of(night(TOLD), 1, "parallel").startswith("g runs 1 at once")
    one = begun(["g/a"], [group(inner=TOLD)])
    assert text_of(one, 5) == "g: capsules 5; 1 running attempt is told now"


def test_a_restart_is_done_only_when_asked_for() -> None:
    one = begun(["g/a"], [group(inner=INNER)])
    assert text_of(one, 5) == (
        "g: capsules 5 for attempts to come; 1 running attempt keeps what it has until restarted:"
        " overnight parallel g 5 --yes"
    )
    assert text_of(one, 5, restart=True) == "g: capsules 5; 1 running attempt is restarted"
    two = night(INNER)
    assert text_of(two, 5, restart=True) == "g: capsules 5; 2 running attempts are restarted"


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (
            SetParallel(group=G, parallel=0),
            "parallel must be at least 1; `overnight pause` launches nothing",
        ),
        (SetParallel(group=GroupId("gg"), parallel=1), "there is no group 'gg'; did you mean g?"),
        (
            SetParallel(group=G, parallel=3, knob="samples"),
            "g has no knob 'samples'; it has capsules and parallel",
        ),
        (FollowLimits(group=GroupId("gg")), "there is no group 'gg'; did you mean g?"),
    ],
)
def test_what_cannot_be_is_refused(intent: SetParallel | FollowLimits, text: str) -> None:
    before = night(INNER)
    batch, said, refused = asked(before, intent, 5)
    assert (said, refused) == (text, True)
    assert batch.groups == before.groups


def test_a_group_of_one_number_and_a_restart_cannot_follow() -> None:
    for policy in (None, INNER):
        _, text, refused = asked(night(policy), FollowLimits(group=G), 5)
        assert (text, refused) == ("the batch file gives g no range, such as parallel: 1..5", True)
    _, text, _ = asked(night(), SetParallel(group=G, parallel=3, knob="n"), 5)
    assert text == "g has no knob 'n'; it has parallel"


def test_following_again_comes_back_into_the_range() -> None:
    batch, _, _ = asked(night(TOLD, least=1), SetParallel(group=G, parallel=30), 5)
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=9, knob="parallel"), 6)
    batch, text, _ = asked(batch, FollowLimits(group=G), 7)
    assert text == (
        "g: runs 2 at once, of 1..2, as limits allow, capsules 20, of 2..20, as limits allow"
    )
    again, _, _ = asked(batch, FollowLimits(group=G), 8)
    assert again.groups == batch.groups


def test_setting_it_twice_changes_nothing_more() -> None:
    for batch in (night(), night(TOLD), night(least=1)):
        once, _, _ = asked(batch, SetParallel(group=G, parallel=5), 5)
        twice, _, _ = asked(once, SetParallel(group=G, parallel=5), 6)
        assert twice.groups == once.groups
        assert twice.desk.parallel is None
    capped, text, _ = asked(night(), SetParallel(parallel=1), 5)
    assert text == "at most 1 run at once over all groups"
    assert asked(capped, SetParallel(parallel=1), 6)[0].desk.parallel == 1


def test_an_inner_number_answers_what_was_met() -> None:
    batch = night(INNER)
    for number, id_ in enumerate(["g/a", "g/b", "g/c"]):
        batch = after(batch, (failed(id_, 1, 10 + number, ErrorClass.RATE_LIMIT), 10 + number))
    assert batch.groups[G].following.met == 3
    batch, _, _ = asked(batch, SetParallel(group=G, parallel=5), 20)
    assert batch.groups[G].following.met == 0
