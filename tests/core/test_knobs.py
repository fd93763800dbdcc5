"""What an operator sets a knob to."""

import pytest

from supervisor.core.intents import Kill, Retry, SetKnob
from supervisor.core.ladder import next_rung, settings, told
from supervisor.core.models import DegradePolicy, ErrorClass, GroupId, TaskId
from supervisor.core.phase import Failed
from supervisor.core.rungs import Rung
from supervisor.core.state import Batch
from tests.fakes.night import after, asked, begun, failed, group

A, B, C, G = TaskId("g/a"), TaskId("g/b"), TaskId("g/c"), GroupId("g")
LADDER = DegradePolicy(knob="n", start=8, least=2)
OOM = ErrorClass.CUDA_OOM


def night() -> Batch:
    groups = [group(degrade=LADDER, parallel=1), group("h")]
    batch = begun(["g/a", "g/b", "g/c", "g/d", "g/e", "h/x"], groups, parallel=2)
    now = 0.0
    for id_ in ("g/a", "g/b", "g/c"):
        for attempt in (1, 2, 3):
            now += 1
            batch = after(batch, (failed(id_, attempt, now, OOM), now))
            if isinstance(batch.tasks[TaskId(id_)].phase, Failed):
                break
    assert batch.groups[G].rung == Rung(knob="n", value=2)
    return batch


def test_a_group_climbs_back_when_told() -> None:
    batch, text, refused = asked(night(), SetKnob(targets=("g",), knob="n", value=8), 50)
    assert (text, refused) == ("g: n 8; what runs now keeps what it has: g/d", False)
    assert batch.groups[G].rung == Rung(knob="n", value=8)
    assert next_rung(batch, TaskId("g/e")) == Rung(knob="n", value=8)
    assert settings(batch, TaskId("g/d"))[0] == {"n": "2"}
    again, _, _ = asked(batch, SetKnob(targets=("g",), knob="n", value=8), 60)
    assert again.groups == batch.groups
    assert again.tasks == batch.tasks


def test_a_task_keeps_what_the_operator_said() -> None:
    batch, text, _ = asked(night(), SetKnob(targets=("g/e",), knob="n", value=4), 50)
    assert text == "g/e: n 4"
    assert next_rung(batch, TaskId("g/e")) == Rung(knob="n", value=4)
    assert told(batch, TaskId("g/e")) == ("Its next attempt runs with n 4: as the operator said.",)
    assert asked(batch, SetKnob(targets=("g/e",), knob="n", value=4), 60)[0].tasks == batch.tasks


def test_a_failed_task_retried_keeps_it_too() -> None:
    batch, _, _ = asked(night(), SetKnob(targets=("g/a",), knob="n", value=4), 50)
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 51)
    assert next_rung(batch, A) == Rung(knob="n", value=4)
    batch, _, _ = asked(batch, Kill(targets=("g/d",)), 52)


@pytest.mark.parametrize(
    ("targets", "knob", "value", "text"),
    [
        (("h",), "n", 4, "h has no knob; degrade: in the batch file names one"),
        (("g",), "m", 4, "g has the knob n; degrade: in the batch file names one"),
        (("g", "g/a"), "n", 16, "n of g goes from 2 to 8"),
        (("g/e",), "n", 1, "n of g goes from 2 to 8"),
        (("nobody",), "n", 4, "there is no task or group 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused(
    targets: tuple[str, ...], knob: str, value: int, text: str
) -> None:
    before = night()
    batch, said, refused = asked(before, SetKnob(targets=targets, knob=knob, value=value), 50)
    assert (said, refused) == (text, True)
    assert batch.tasks == before.tasks
    assert batch.groups == before.groups
