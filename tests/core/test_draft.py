"""A draft keeps the indexes, and refuses illegal moves."""

from dataclasses import replace

import pytest

from supervisor.core.draft import Draft, IllegalMoveError
from supervisor.core.models import TaskId
from supervisor.core.phase import WAITING, Running, Succeeded
from tests.fakes.night import after, begun, check_indexes, ended, task

A = TaskId("g/a")


def test_an_untouched_draft_is_the_batch_it_began_with() -> None:
    batch = begun(["g/a"])
    assert Draft(batch, 5).batch() is batch


def test_a_move_that_the_table_does_not_list_raises() -> None:
    batch = begun(["g/a", "g/b"])
    draft = Draft(batch, 5)
    done = replace(batch.tasks[A], phase=Succeeded(attempt=1, ended_at=5))
    draft.put(done)
    with pytest.raises(IllegalMoveError, match="g/a"):
        draft.put(replace(done, phase=Running(attempt=1, since=1, slot=1)))


def test_a_task_put_back_is_in_every_index_again() -> None:
    batch = after(begun(["g/a", task("h/x", needs=("g/a",))]), (ended("g/a", 1, 5), 5))
    draft = Draft(batch, 6)
    draft.put(replace(batch.tasks[A], phase=WAITING, priority=-3))
    check_indexes(draft.batch())
    assert draft.open == 2


def test_loading_another_batch_replaces_everything() -> None:
    one, other = begun(["g/a"]), begun(["h/b"])
    draft = Draft(one, 5)
    draft.load(other)
    loaded = draft.batch()
    assert loaded == other
    assert loaded is not one
