"""The parts of a batch under change keep every index as a new batch would have it."""

from dataclasses import replace

from supervisor.core.draft import Draft
from supervisor.core.models import GroupId, TaskId
from supervisor.core.phase import Succeeded
from supervisor.core.state import all_rows, assemble, spec_of
from tests.fakes.night import begun, check_indexes, group, task

G = GroupId("g")


def test_a_changed_row_moves_all_that_depends_on_it() -> None:
    batch = begun(["g/a", task("g/b", needs=("g/a",)), "g/c"], [group(parallel=1)])
    draft = Draft(batch, 5)
    draft.put(replace(batch.tasks[TaskId("g/a")], phase=Succeeded(attempt=1, ended_at=5)))
    after = draft.batch()
    check_indexes(after)
    assert after == assemble(spec_of(after), all_rows(after))
    assert after.counts[G]["succeeded"] == 1
    assert not after.live
    assert batch.counts[G]["succeeded"] == 0, "the batch before stays as it was"
