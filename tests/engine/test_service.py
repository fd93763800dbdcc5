"""Names that clients give are understood, or refused with the ways out."""

import pytest

from supervisor.core.state import fresh
from supervisor.engine.service import named
from supervisor.ports import NoSuchTaskError
from tests.engine.batches import spec_of

BATCH = fresh(spec_of("g/a", "g/b", "h/b"), "u", 0.0)


@pytest.mark.parametrize(
    ("text", "task"), [("g/a", "g/a"), ("a", "g/a"), ("h/b", "h/b"), ("h/*", "h/b"), ("*a", "g/a")]
)
def test_a_name_means_one_task(text: str, task: str) -> None:
    assert named(BATCH, text) == task


@pytest.mark.parametrize(
    ("text", "words"),
    [("b", "g/b, h/b"), ("g/*", "g/a, g/b"), ("x", "no task is called x"), ("g", "no task")],
)
def test_a_name_that_means_none_or_several_is_refused(text: str, words: str) -> None:
    with pytest.raises(NoSuchTaskError, match=words):
        named(BATCH, text)
