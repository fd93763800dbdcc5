import pytest

from supervisor.core.intents import Cancel, First, Freeze, Kill, Retry, Thaw
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.messages import Asked, Said
from supervisor.tui.task_helm import TaskHelm
from tests.fakes.engine import row
from tests.tui.posted import Posts

WAITS, RUNS, FROZEN = row("g/w", "waiting"), row("g/r", "running"), row("g/f", "frozen")
FAILED, DONE = row("g/x", "failed"), row("g/d", "succeeded")
ALL = frozenset(one.task for one in (WAITS, RUNS, FROZEN, FAILED, DONE))


class Posted(Posts):
    """A helm, and what it posted."""

    def __init__(self) -> None:
        super().__init__()
        self.helm = TaskHelm(UNICODE, self.messages.append)


def test_what_destroys_waits_for_an_answer() -> None:
    at = Posted()
    at.helm.stop_tasks([RUNS, WAITS, FAILED, DONE], ALL)
    at.answer(None)
    assert len(at.messages) == 1
    assert at.told()[:2] == ["1 of 2 running now", "2 others left alone: over already"]
    at.answer("again")
    assert at.last() == Kill(targets=("g/r",))
    at.answer("cancel")
    assert at.last() == Cancel(targets=("g/r", "g/w"))
    at.helm.freeze([RUNS, WAITS], ALL)
    at.answer("freeze")
    assert at.last() == Freeze(targets=("g/r",))


def test_what_can_be_undone_is_done_at_once() -> None:
    at = Posted()
    at.helm.freeze([FROZEN], ALL)
    assert at.last() == Thaw(targets=("g/f",))
    at.helm.retry([FAILED, DONE], ALL)
    assert at.last() == Retry(targets=("g/x",))
    at.helm.first([WAITS, RUNS], ALL)
    assert at.last() == First(targets=("g/w",))
    assert not [one for one in at.messages if isinstance(one, Asked)]


@pytest.mark.parametrize(
    ("act", "rows", "intent"),
    [
        ("freeze", [FROZEN], Thaw(targets=("g/f",))),
        ("retry", [FAILED], Retry(targets=("g/x",))),
        ("first", [WAITS], First(targets=("g/w",))),
    ],
    ids=["freeze", "retry", "first"],
)
def test_nothing_is_done_unlisted_to_what_nobody_sees(
    act: str, rows: list[object], intent: object
) -> None:
    at = Posted()
    getattr(at.helm, act)(rows, frozenset())
    assert "(not on the screen)" in at.told()[-1]
    at.answer("do")
    assert at.last() == intent


def test_many_are_listed_to_the_last_one() -> None:
    at = Posted()
    rows = [row(f"g/{number}", "failed") for number in range(300)]
    at.helm.retry(rows, frozenset(one.task for one in rows[:10]))
    told = at.told()
    assert told[0] == "290 of them scrolled or filtered away"
    at.helm.retry([*rows[:2], DONE], ALL)
    assert at.told()[0] == "1 other left alone: running, waiting or done"
    at.helm.retry(rows, ALL)
    assert sum("g/" in line for line in told) == 300
    at.answer("do")
    intent = at.last()
    assert isinstance(intent, Retry)
    assert len(intent.targets) == 300


def test_what_cannot_be_done_is_said() -> None:
    at = Posted()
    for act in (at.helm.freeze, at.helm.stop_tasks, at.helm.retry, at.helm.first):
        act([DONE], ALL)
        said = at.messages[-1]
        assert isinstance(said, Said)
        assert said.bad
