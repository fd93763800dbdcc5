"""What is written is plain, and only what can be read again."""

from typing import Any

import pytest

from supervisor.core import codec
from supervisor.core.batch import Task
from supervisor.core.intents import Pause
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.phase import BackingOff, Phase

BACKING_OFF = BackingOff(attempt=1, restart_at=2.0, error_class=ErrorClass.AUTH, cause="expired")


def test_plain_values_are_plain() -> None:
    plain = codec.encode(Task(id=TaskId("g/t"), phase=BACKING_OFF), Task)
    assert {"kind": "BackingOff", "attempt": 1, "error_class": "auth"}.items() <= plain[
        "phase"
    ].items()
    assert type(plain["phase"]["error_class"]) is str
    assert "kind" not in plain


@pytest.mark.parametrize("hint", [set[str], bytes, list[int]])
def test_types_it_does_not_know_are_named(hint: Any) -> None:
    with pytest.raises(TypeError, match="codec does not know"):
        codec.encode(None, hint)
    with pytest.raises(TypeError, match="codec does not know"):
        codec.decode(hint, None)


def test_a_union_member_of_the_wrong_type_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        codec.encode(Pause(), Phase)
