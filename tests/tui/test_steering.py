from dataclasses import replace

import pytest

from supervisor.core.board import GroupRow, KnobRow
from supervisor.core.intents import Freeze, Pause, Resume, Retry, SetParallel, Thaw
from supervisor.core.models import GroupId
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.screens.dialog import Styled
from supervisor.tui.steering import (
    counted,
    freeze,
    knob_of,
    listed,
    live,
    pause_batch,
    pause_group,
    retry,
    set_parallel,
    unseen,
)
from tests.fakes.engine import PHASES, board_of, row

GROUP = GroupRow(group="g", parallel=1, running=0, state="running", breaker="closed")
ALL = tuple(row(f"g/{phase}", phase) for phase in PHASES)


@pytest.mark.parametrize("state", ["running", "held", "waiting", "done"])
def test_a_group_that_runs_is_paused(state: str) -> None:
    assert pause_group(replace(GROUP, state=state)) == Pause(group=GroupId("g"))


@pytest.mark.parametrize(
    "group",
    [
        replace(GROUP, state="paused"),
        replace(GROUP, state="aborted"),
        replace(GROUP, breaker="open"),
        replace(GROUP, breaker="half-open"),
    ],
)
def test_a_group_that_does_not_is_let_go_on(group: GroupRow) -> None:
    assert pause_group(group) == Resume(name="g")


def test_the_batch_is_paused_and_resumed() -> None:
    assert pause_batch(board_of().head) == Pause()
    assert pause_batch(board_of(state="paused").head) == Resume()


def test_parallelism_stays_above_zero() -> None:
    assert set_parallel(GROUP, 0) == SetParallel(group=GroupId("g"), parallel=1)
    assert set_parallel(GROUP, 7).parallel == 7


def test_the_inner_knob_is_turned_where_there_is_one() -> None:
    knob = KnobRow(name="capsules", value=20, start=20, least=1, apply="file")
    inside = replace(GROUP, knob=knob)
    assert (knob_of(GROUP), knob_of(inside)) == (("parallel", 1), ("capsules", 20))
    assert set_parallel(inside, 5) == SetParallel(group=GroupId("g"), parallel=5, knob="capsules")


def test_freeze_takes_the_running_ones_else_thaws() -> None:
    assert freeze(ALL) == Freeze(targets=("g/running",))
    assert freeze([row("g/a", "frozen"), row("g/b", "failed")]) == Thaw(targets=("g/a",))
    assert freeze([row("g/b", "failed")]) is None


def test_retry_leaves_alone_what_succeeds_or_runs() -> None:
    intent = retry(ALL)
    assert intent == Retry(
        targets=("g/backing_off", "g/held", "g/failed", "g/aborted", "g/cancelled")
    )
    assert retry([row("g/a", "succeeded"), row("g/b", "running")]) is None


def test_live_are_those_with_an_attempt() -> None:
    assert [one.phase for one in live(ALL)] == ["starting", "running", "frozen", "unreachable"]


def test_lists_are_whole_and_tell_what_nobody_sees() -> None:
    assert counted(1, "task") == "1 task"
    assert counted(0, "task") == "0 tasks"
    assert len(listed(ALL, UNICODE, ())) == len(ALL)
    assert unseen(ALL, {ALL[0].task}) == len(ALL) - 1
    backing = row("g/a", "backing_off")
    [seen], [hidden] = listed([backing], UNICODE, {"g/a"}), listed([backing], UNICODE, ())
    assert isinstance(seen, Styled)
    assert isinstance(hidden, Styled)
    assert (seen.text, seen.look) == ("↻ backing off  g/a", "")
    assert (hidden.text, hidden.look) == ("↻ backing off  g/a  (not on the screen)", "warn")
