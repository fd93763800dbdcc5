"""What is older, newer or wrong is dealt with; a fault names its place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest

from supervisor.core import codec
from supervisor.core.batch import Desk, Task
from supervisor.core.board import Board
from supervisor.core.events import Detected, Event, Started
from supervisor.core.intents import Intent
from supervisor.core.models import BatchSpec, ErrorClass, RetryPolicy, TaskId


def test_missing_fields_take_their_defaults_and_unknown_ones_are_ignored() -> None:
    assert codec.loads(Task, '{"id": "g/t", "colour": "red"}') == Task(id=TaskId("g/t"))


def test_a_mapping_is_read_only_and_an_empty_one_costs_nothing() -> None:
    read = codec.loads(RetryHolder, '{"by_class": {"auth": {"attempts": 7}}}')
    assert read.by_class == {ErrorClass.AUTH: RetryPolicy(attempts=7)}
    assert type(read.by_class) is MappingProxyType
    one, other = codec.loads(RetryHolder, "{}"), codec.loads(RetryHolder, '{"by_class": {}}')
    assert one.by_class == other.by_class == {}


def test_equal_texts_are_one_object() -> None:
    text = '["%s", "%s"]' % (("a directory that many tasks share",) * 2)
    first, second = codec.loads(tuple[str, ...], text)
    assert first is second


@pytest.mark.parametrize(
    ("hint", "text", "place"),
    [
        (Task, '{"id": "g/t", "attempt": "1"}', "attempt: expected a whole number, found text"),
        (Task, '{"id": "g/t", "attempt": true}', "attempt: expected a whole number, found true"),
        (Task, "{}", "id: missing in Task"),
        (Task, "[]", "value: expected an object (Task), found a list"),
        (
            Task,
            '{"id": "g/t", "phase": {"kind": "Sleeping"}}',
            "phase: kind 'Sleeping' is none of Waiting",
        ),
        (Task, '{"id": "g/t", "phase": {"attempt": 1}}', "phase: kind None is none of"),
        (Task, '{"id": "g/t", "phase": 5}', "phase: expected an object with a kind"),
        (
            Task,
            '{"id": "g/t", "phase": {"kind": "Running", "attempt": 1, "since": "x", "slot": 1}}',
            "phase.since: expected a number, found text",
        ),
        (
            BatchSpec,
            '{"name": "b", "directory": "", "source": "", "groups": [], "tasks": [{}, 1]}',
            "tasks[0].id: missing",
        ),
        (Board, '{"tasks": {"g/t": {"task": 1}}}', "tasks.g/t.task: expected text"),
        (Board, '{"tasks": [1]}', "tasks: expected an object, found a list"),
        (
            Board,
            '{"tasks": {"a": {"task": "a", "group": "g", "phase": "p", "progress": [1, 2, 3]}}}',
            "tasks.a.progress: expected 2 items, found 3",
        ),
        (Intent, '{"kind": "Stop", "mode": "now"}', "mode: 'now' is none of stop, drain"),
        (Detected, '{"task": 1}', "task: expected text"),
        (Event, '{"kind": []}', "kind [] is none of"),
        (float, "1" + "0" * 400, "value: the number is too large"),
        (float, '"1"', "value: expected a number, found text"),
        (ErrorClass, '"gremlins"', "'gremlins' is none of auth"),
        (tuple[str, ...], "{}", "value: expected a list, found an object"),
        (int | str, "[]", "value: expected another shape, found a list"),
        (Desk, "[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_shape_names_its_place(hint: Any, text: str, place: str) -> None:
    with pytest.raises(codec.ShapeError, match=f".*{_literally(place)}"):
        codec.loads(hint, text)


def test_whole_numbers_pass_for_numbers() -> None:
    read = codec.loads(Started, '{"task": "g/t", "attempt": 1, "started_at": 5}')
    assert type(read.started_at) is float


@dataclass(frozen=True, kw_only=True)
class RetryHolder:
    by_class: Mapping[ErrorClass, RetryPolicy] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Odd:
    mixed: int | float | str | tuple[int, ...] | ErrorClass | None = None
    number: float | str | None = None
    anything: object = None
    named: Mapping[str, int] | tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Single:
    only: int = 0


@pytest.mark.parametrize(
    "value",
    [
        Odd(mixed=1),
        Odd(mixed=1.5),
        Odd(mixed=(1, 2)),
        Odd(mixed=None, number=2.0),
        Odd(anything={"free": [1, None]}),
        Odd(named=MappingProxyType({"a": 1})),
        Odd(named=("a",)),
        Single(only=3),
    ],
    ids=str,
)
def test_unions_of_plain_shapes_are_told_apart_by_shape(value: Any) -> None:
    assert codec.loads(type(value), codec.dumps(value)) == value


def test_a_whole_number_fits_a_number_in_a_union() -> None:
    assert codec.loads(Odd, '{"number": 2}').number == 2.0


def test_equal_texts_and_lists_of_texts_are_kept_once() -> None:
    one, other = (codec.loads(tuple[str, ...], '["python", "eval.py"]') for _ in range(2))
    assert one is other


def _literally(text: str) -> str:
    return "".join(f"\\{char}" if char in "()[].+*?" else char for char in text)
