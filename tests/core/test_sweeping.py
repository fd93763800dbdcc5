"""Leftovers are what is proved ours and belongs to no attempt that lives."""

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.containers import ContainerRow
from supervisor.core.intents import Sweep
from supervisor.core.models import TaskId
from supervisor.core.ownership import BY_TIME
from supervisor.core.sweeping import document, ends_with_attempt, intent_of, left_over
from tests.fakes.night import after, begun, ended, group, started

A, B = TaskId("g/a"), TaskId("g/b")


def row(
    name: str, task: str | None = None, attempt: int | None = None, **facts: object
) -> ContainerRow:
    known = {"owned": True, "group": "g", **facts}
    id_ = TaskId(task) if task else None
    return ContainerRow(id=name * 64, name=name, image="x", task=id_, attempt=attempt, **known)  # type: ignore[arg-type]


def test_what_belongs_to_a_living_attempt_is_no_leftover() -> None:
    batch = after(
        begun(["g/a", "g/b", "h/c"]),
        (started("g/a", 1, 1.0), 1.0),
        (started("g/b", 1, 1.0), 1.0),
        (started("h/c", 1, 1.0), 1.0),
        (ended("g/b", 1, 2.0), 2.0),
    )
    rows = [
        row("1", "g/a", 1),
        row("2", "g/b", 1),
        row("3", "g/a", 0),
        row("4", "g/a"),
        row("5", "g/b"),
        row("6"),
        row("7", group=None),
        row("8", "g/b", 1, owned=False),
    ]
    assert [one.name for one in left_over(batch, rows)] == ["2", "3", "5"]
    over = after(batch, (ended("g/a", 1, 3.0), 3.0))
    assert [one.name for one in left_over(over, rows)] == ["1", "2", "3", "4", "5", "6"]
    done = after(over, (ended("h/c", 1, 4.0), 4.0))
    assert [one.name for one in left_over(done, rows)][-1] == "7"


def test_what_a_stopped_attempt_left_ends_where_it_is_certainly_ours() -> None:
    batch = begun(["g/a"])
    assert ends_with_attempt(batch, row("1", "g/a", 1))
    assert not ends_with_attempt(batch, row("1", "g/a", 1, proof=BY_TIME))
    assert not ends_with_attempt(batch, row("1", "g/a", 1, owned=False))
    assert not ends_with_attempt(batch, row("1", "g/gone", 1))
    assert not ends_with_attempt(batch, row("1"))
    left = begun(["g/a"], [group(leave_leftovers=True)])
    assert not ends_with_attempt(left, row("1", "g/a", 1))


def test_an_intent_removes_just_what_was_listed() -> None:
    found = document(
        [row("2", "g/b", 1, proof="its label"), row("6")],
        [row("8", owned=False, proof="others")],
        [("n", "net")],
        ["v"],
        3,
        None,
    )
    assert found["kept"] == [{"name": "8", "why": "others"}]
    assert (found["anonymous_volumes"], found["disk"]) == (3, None)
    assert intent_of(found) == Sweep(
        containers=(
            ContainerTarget(id="2" * 64, name="2", task=B, attempt=1, owned=True),
            ContainerTarget(id="6" * 64, name="6", owned=True),
        ),
        networks=(("n", "net"),),
        volumes=("v",),
    )
    told = document([row("2", "g/b", 1)], [], [], [], 0, {"root": "/d"})
    assert told["disk"] == {"root": "/d"}
