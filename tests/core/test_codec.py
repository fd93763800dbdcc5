"""What is written can be read; what is older, newer or wrong is dealt with."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.core import codec
from supervisor.core.batch import Desk, Group, Limit, Rows, Task
from supervisor.core.board import Board, Change
from supervisor.core.effects import Effect, Record
from supervisor.core.events import Ended, Event
from supervisor.core.intents import Intent, SetParallel
from supervisor.core.models import BatchSpec, GroupId, TaskSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import Phase, Running, Waiting
from tests.strategies import values

EVERYTHING = [
    Event, Intent, Effect, Phase, Task, Group, Limit, Desk, Rows, Board, Change, BatchSpec, RunOptions,
]  # fmt: skip


@pytest.mark.parametrize("hint", EVERYTHING, ids=str)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_what_is_written_is_read_again(hint: Any, data: st.DataObject) -> None:
    value = data.draw(values(hint))
    text = codec.dumps(value, hint)
    assert text.isascii()
    assert codec.loads(hint, text) == value


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_without_a_hint_the_kind_is_written_and_fits_every_union(data: st.DataObject) -> None:
    event = data.draw(values(Event))
    plain = codec.encode(event)
    assert plain["kind"] == type(event).__name__
    assert codec.decode(Event, plain) == codec.decode(type(event), plain) == event


def test_a_field_called_kind_keeps_out_of_the_way() -> None:
    plain = codec.encode(Record(kind="launch", subject="g/t", text="attempt 1"))
    assert (plain["kind"], plain["kind_"]) == ("Record", "launch")
    assert codec.decode(Effect, plain) == Record(kind="launch", subject="g/t", text="attempt 1")


def test_what_is_no_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        codec.loads(Task, "{")


def test_examples_of_what_goes_over_the_socket() -> None:
    assert json.loads(codec.dumps(SetParallel(group=GroupId("g"), parallel=3))) == {
        "kind": "SetParallel",
        "group": "g",
        "parallel": 3,
        "knob": None,
        "restart": False,
    }
    assert codec.encode(Waiting(), Phase) == {"kind": "Waiting", "not_before": None}
    assert codec.encode(None, Running | None) is None
    assert codec.encode(("a", "b"), str | tuple[str, ...]) == ["a", "b"]
    assert codec.encode(5) == 5
    assert codec.decode(TaskSpec | None, None) is None
    assert codec.loads(Ended, codec.dumps(codec.loads(Ended, ENDED))) == codec.loads(Ended, ENDED)


ENDED = '{"kind": "Ended", "task": "g/t", "attempt": 1, "end": {"code": 1, "ended_at": 2.5}}'
