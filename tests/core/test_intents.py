"""Each intent is written down with who wanted it and why, once, where the night's story shows it."""

from dataclasses import replace
from typing import get_args

import pytest

from supervisor.core.container_facts import ContainerTarget
from supervisor.core.effects import (
    Effect,
    EndContainers,
    EndEngine,
    Record,
    Reply,
    SweepAway,
    TurnKnob,
)
from supervisor.core.events import Wanted
from supervisor.core.intents import (
    Add,
    Cancel,
    Edit,
    First,
    FollowLimits,
    Freeze,
    Intent,
    Kill,
    KillContainers,
    Pause,
    Refresh,
    Reload,
    Resume,
    Retry,
    SetKnob,
    SetParallel,
    Stop,
    Sweep,
    Thaw,
)
from supervisor.core.models import (
    BreakerPolicy,
    CommandSpec,
    DegradePolicy,
    ErrorClass,
    GroupId,
    InnerPolicy,
    LimitId,
    LimitSpec,
    TaskId,
)
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.core.step import step
from supervisor.core.timeline import INCIDENTS
from supervisor.core.wish import Wish
from tests.fakes.night import after, asked, begun, failed, group, started, task

G, WHO = GroupId("g"), "ann (azure is down)"
BOX = ContainerTarget(id="1" * 64, name="box", task=TaskId("c/a"), attempt=1, owned=True)
MADE = ContainerTarget(id="2" * 64, name="made", task=TaskId("g/a"), attempt=1, owned=True)


def night() -> Batch:
    """a runs, b backs off, x failed for good, z is frozen, c and d wait; q is held until released."""
    specs = [
        group(
            parallel=3,
            parallel_least=1,
            breaker=BreakerPolicy(then="off"),
            degrade=DegradePolicy(knob="n", start=8, least=2),
        ),
        group("r", inner=InnerPolicy(knob="samples", start=9, apply="file")),
    ]
    names = ["g/a", "g/b", "g/x", "g/z", "g/c", "g/d", "q/a", "r/a"]
    limits = [LimitSpec(name=LimitId("r"), refresh=CommandSpec(run="login"))]
    batch = begun([*names, task("c/a", container=Wish(image="x"))], specs, limits)
    return after(
        asked(batch, SetParallel(group=G, parallel=2), 0)[0],
        *((started(name, 1, 0), 0) for name in ("g/a", "c/a", "r/a")),
        (failed("g/b", 1, 1), 1),
        (failed("g/x", 1, 1, ErrorClass.BAD_REQUEST), 1),
        (started("g/z", 1, 1), 1),
        (Wanted(intent=Freeze(targets=("g/z",)), who="eva"), 1),
        (failed("q/a", 1, 2, ErrorClass.QUOTA), 2),
    )


def paused() -> Batch:
    return after(night(), (Wanted(intent=Pause(), who="eva"), 2))


def edited() -> Reload:
    spec = spec_of(night())
    return Reload(spec=replace(spec, groups=(replace(spec.groups[0], order=7), *spec.groups[1:])))


ONCE = [
    (night, Pause()),
    (night, Pause(group=G)),
    (paused, Resume()),
    (night, Resume(name="q")),
    (night, Resume(name="g/b")),
    (night, Freeze(targets=("g/a",))),
    (night, Thaw(targets=("g/z",))),
    (night, SetParallel(parallel=3)),
    (night, SetParallel(group=G, parallel=1)),
    (night, SetParallel(group=GroupId("r"), parallel=5)),
    (night, FollowLimits(group=G)),
    (night, Kill(targets=("g/a",))),
    (night, Cancel(targets=("g/a",))),
    (night, Cancel(targets=("g/d",))),
    (night, Retry(targets=("g/x",))),
    (night, First(targets=("g/d",))),
    (night, Add(task=task("g/new"))),
    (night, Edit(task="g/d", run="other")),
    (night, SetKnob(targets=("g",), knob="n", value=4)),
    (night, SetKnob(targets=("g/d",), knob="n", value=4)),
    (night, KillContainers(ids=(BOX.id,), targets=(BOX,))),
    (night, edited()),
    (night, Stop()),
    (night, Stop(mode="drain")),
    (night, Stop(mode="leave_running")),
]
AGAIN = [
    (night, Refresh(limit=LimitId("r"))),
    (night, KillContainers(ids=(MADE.id,), targets=(MADE,))),
    (night, Sweep(containers=(replace(MADE, attempt=0),))),
]
"""Orders of which the core keeps no row: the same order is given again, and once more does no harm."""


def told(effects: tuple[Effect, ...]) -> list[Record]:
    return [one for one in effects if isinstance(one, Record)]


def test_none_is_left_out() -> None:
    assert {type(intent) for _, intent in (*ONCE, *AGAIN)} == set(get_args(Intent))


def said(case: object) -> str:
    """Return the same words in every process that collects these tests."""
    return getattr(case, "__name__", None) or str(case)[:60]


@pytest.mark.parametrize(("batch", "intent"), [*ONCE, *AGAIN], ids=said)
def test_who_and_why_are_written_down(batch: object, intent: Intent) -> None:
    _, effects = step(batch(), Wanted(intent=intent, who=WHO), 5)  # type: ignore[operator]
    by_ann = [one for one in told(effects) if WHO in one.text]
    assert by_ann, effects
    assert {one.kind for one in by_ann} <= set(INCIDENTS)
    assert not any(one.refused for one in effects if isinstance(one, Reply))


@pytest.mark.parametrize(("batch", "intent"), ONCE, ids=said)
def test_repeating_it_changes_nothing_more(batch: object, intent: Intent) -> None:
    once, _ = step(batch(), Wanted(intent=intent, who=WHO), 5)  # type: ignore[operator]
    twice, effects = step(once, Wanted(intent=intent, who="bob"), 5)
    # An engine that ends is told so again, and a runner until it says that it has heard.
    assert [one for one in effects if not isinstance(one, Reply | EndEngine | TurnKnob)] in (
        [],
        [Record(kind="end", subject="", text="left running")],
    )
    assert replace(all_rows(twice), desk=None) == replace(all_rows(once), desk=None)
    assert replace(twice.desk, seq=0) == replace(once.desk, seq=0)


@pytest.mark.parametrize(("batch", "intent"), AGAIN, ids=said)
def test_an_order_given_again_is_the_same_order(batch: object, intent: Intent) -> None:
    once, first = step(batch(), Wanted(intent=intent, who=WHO), 5)  # type: ignore[operator]
    twice, again = step(once, Wanted(intent=intent, who=WHO), 5)
    assert first == again
    assert replace(all_rows(twice), desk=None) == replace(all_rows(once), desk=None)
    orders = [one for one in again if isinstance(one, EndContainers | SweepAway)]
    assert len(orders) == (not isinstance(intent, Refresh))
