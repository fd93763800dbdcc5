"""Parts of a group have breakers of their own."""

import pytest

from supervisor.core.batch import Breaker, Closed, Group, HalfOpen, Open, Part
from supervisor.core.models import BreakerPolicy, GroupId, TaskId
from supervisor.core.parts import (
    all_closed,
    given_up,
    lets_through,
    part_of,
    part_state,
    part_words,
    stopped,
    titled,
    with_part,
)
from tests.fakes.night import group, task

G = GroupId("g")
PER = group(breaker=BreakerPolicy(per=("model", "quant")))
OPEN = Open(since=1, probe_at=None, cause="it fails")


def test_a_part_is_named_by_its_values() -> None:
    spec = task("g/a", params={"model": "Qwen/7B", "quant": "q4", "seed": "1"})
    assert part_of(PER, spec) == "model=Qwen/7B,quant=q4"
    assert part_of(PER, task("g/b")) == "model=,quant="
    assert part_of(group(), spec) == ""
    assert (titled(G, "model=a"), titled(G, "")) == ("g/model=a", "g")


def test_the_whole_group_is_a_part_too() -> None:
    row = with_part(Group(name=G, parallel=4), "", Part(breaker=OPEN, aborted="x"))
    assert (row.breaker, row.aborted, dict(row.parts)) == (OPEN, "x", {})
    assert part_state(row, "") == Part(breaker=OPEN, aborted="x")


def test_only_parts_that_something_happened_to_are_kept() -> None:
    row = with_part(Group(name=G, parallel=4), "model=a", Part(breaker=OPEN))
    assert part_state(row, "model=a").breaker == OPEN
    assert part_state(row, "model=b") == Part()
    assert with_part(row, "model=a", Part()) == Group(name=G, parallel=4)


@pytest.mark.parametrize(
    ("breaker", "lets"),
    [
        (Closed(), True),
        (OPEN, False),
        (HalfOpen(cause="it fails"), True),
        (HalfOpen(cause="it fails", probe=TaskId("g/a")), False),
    ],
)
def test_a_breaker_lets_through_what_it_may(breaker: Breaker, lets: bool) -> None:
    assert lets_through(Part(breaker=breaker)) is lets
    assert not lets_through(Part(breaker=breaker, aborted="given up"))


def test_what_was_given_up_is_the_group_or_the_part() -> None:
    spec = task("g/a", params={"model": "a", "quant": "q4"})
    other = task("g/b", params={"model": "b", "quant": "q4"})
    row = Group(name=G, parallel=4)
    assert given_up(row, PER, spec) is None
    row = with_part(row, part_of(PER, spec), Part(aborted="too many"))
    assert (given_up(row, PER, spec), given_up(row, PER, other)) == ("too many", None)
    assert given_up(with_part(row, "", Part(aborted="all")), PER, spec) == "all"


def test_stopped_parts_are_told() -> None:
    row = Group(name=G, parallel=4)
    counting, standing, over = Part(breaker=Closed(ends="f")), Part(breaker=OPEN), Part(aborted="x")
    for name, one in (("m=1", counting), ("m=2", standing), ("m=3", over)):
        row = with_part(row, name, one)
    assert stopped(row) == {"m=2": standing, "m=3": over}
    assert part_words(row) == {"m=2": "open", "m=3": "aborted"}
    assert not all_closed(row)
    assert all_closed(with_part(row, "m=2", Part()))
