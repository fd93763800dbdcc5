"""What hints mean."""

from collections.abc import Mapping
from types import MappingProxyType, NoneType
from typing import Any, Literal, Optional

import pytest

from supervisor.core.batch import Desk
from supervisor.core.hints import bare, is_mapping, is_record, kept_as, members, written_name
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import Live, Starting, Waiting


def test_new_types_stand_for_what_they_are_made_of() -> None:
    assert bare(TaskId) is str
    assert bare(Desk) is Desk


@pytest.mark.parametrize(
    ("hint", "found"),
    [
        (int, ()),
        (int | None, (int, NoneType)),
        (Optional[TaskId], (str, NoneType)),  # noqa: UP045 - the old spelling is read too
        (Waiting | Live, (Waiting, *members(Live))),
    ],
)
def test_unions_are_opened(hint: Any, found: tuple[Any, ...]) -> None:
    assert members(hint) == found
    assert Starting in members(Live)


@pytest.mark.parametrize(
    ("hint", "kept"),
    [
        (Literal["a", "b"], str),
        (Mapping[str, int], MappingProxyType),
        (tuple[int, ...], tuple),
        (ErrorClass, ErrorClass),
        (Desk, Desk),
        (int, int),
    ],
)
def test_a_hint_tells_the_class_of_its_values(hint: Any, kept: type) -> None:
    assert kept_as(hint) is kept


def test_kinds_of_hints() -> None:
    assert is_record(Desk)
    assert not is_record(Mapping[str, int])
    assert is_mapping(Mapping[str, int])
    assert not is_mapping(tuple[int, ...])


def test_only_kind_has_another_name() -> None:
    assert (written_name("kind"), written_name("cause")) == ("kind_", "cause")
