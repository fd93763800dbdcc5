from dataclasses import replace

from supervisor.core.board import Advice, Edited, GroupRow, KnobRow
from supervisor.core.intents import (
    Pause,
    Reload,
    SetParallel,
    Stop,
)
from supervisor.core.names import GroupId
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.helm import Helm
from supervisor.tui.messages import Asked, Wanted
from tests.fakes.engine import board_of, row
from tests.tui.posted import Posts
from tests.tui.scene import NOW, night

WAITS, RUNS, FROZEN = row("g/w", "waiting"), row("g/r", "running"), row("g/f", "frozen")
FAILED, DONE = row("g/x", "failed"), row("g/d", "succeeded")
GROUP = GroupRow(group="g", parallel=4, running=4, state="running", breaker="closed")


class Posted(Posts):
    """A helm, and what it posted."""

    def __init__(self) -> None:
        super().__init__()
        self.helm = Helm(UNICODE, self.messages.append)


def test_what_ends_the_engine_waits_for_an_answer() -> None:
    at = Posted()
    at.helm.stop_batch(board_of(RUNS).head)
    assert len(at.messages) == 1
    at.answer("drain")
    assert at.last() == Stop(mode="drain")
    at.helm.pause_batch(board_of().head)
    assert at.last() == Pause()


def test_steps_add_up_for_a_while() -> None:
    at = Posted()

    def wanted() -> int:
        intent = at.last()
        assert isinstance(intent, SetParallel)
        return intent.parallel

    at.helm.change_parallel(GROUP, 1, NOW)
    at.helm.change_parallel(GROUP, 1, NOW + 1)
    assert wanted() == 6
    at.helm.change_parallel(GROUP, 1, NOW + 10)
    assert wanted() == 5


def test_a_typed_number_is_one() -> None:
    at = Posted()
    at.helm.type_parallel(GROUP)
    at.answer("7")
    assert at.last() == SetParallel(group=GroupId("g"), parallel=7)
    at.answer("-1")
    assert at.last() == "'-1' is not a number from 1 on"


def test_of_several_troubles_one_is_picked() -> None:
    at = Posted()
    at.helm.cure(night(), NOW)
    at.answer("1")
    at.answer("copy")
    assert at.last() == "az login --use-device-code; overnight resume azure"
    at.helm.cure(board_of(RUNS), NOW)
    assert at.last() == "nothing needs you, and no limit holds"


def test_an_edited_file_is_applied_as_it_was_seen() -> None:
    at = Posted()
    at.helm.reload(board_of().head)
    assert at.last() == "the batch file says what the batch that runs says"
    edited = Edited(file="/w/night.yaml", since=NOW, lines=("~ g.parallel: 4 → 8",), seen="x1")
    at.helm.reload(replace(board_of().head, edited=edited))
    at.answer(None)
    assert not isinstance(at.messages[-1], Wanted)
    at.answer("apply")
    assert at.last() == Reload(seen="x1")
    at = Posted()
    at.helm.reload(replace(board_of().head, edited=replace(edited, faults=("line 3: no",))))
    at.answer("apply")
    assert len(at.messages) == 1, "what has faults is only shown"


def test_plus_turns_the_inner_knob_where_there_is_one() -> None:
    at = Posted()
    knob = KnobRow(name="capsules", value=20, start=20, least=1, apply="restart")
    group = replace(GROUP, knob=knob)
    at.helm.change_parallel(group, -1, NOW)
    at.helm.change_parallel(group, -1, NOW + 1)
    assert at.last() == SetParallel(group=GroupId("g"), parallel=18, knob="capsules")
    at.helm.type_parallel(group)
    at.answer("5")
    assert at.last() == SetParallel(group=GroupId("g"), parallel=5, knob="capsules")


def test_advice_that_restarts_says_so_and_does_so() -> None:
    at = Posted()
    one = Advice(
        group="g", parallel=20, suggested=5, why="57 of 60 idle", knob="capsules", restart=True
    )
    at.helm.advice(board_of(RUNS, advice=(one,)).head)
    asked = at.messages[-1]
    assert isinstance(asked, Asked)
    at.answer("0")
    assert at.last() == SetParallel(group=GroupId("g"), parallel=5, knob="capsules", restart=True)
    at.helm.advice(board_of(RUNS).head)
    assert at.last() == "nothing is advised now"
