"""Facts about finished tasks."""

from dataclasses import replace

from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.outcome import (
    exit_code,
    failure,
    iso,
    log_path,
    params,
    progress,
    retryable,
    unix,
)
from supervisor.core.phase import Failed
from tests.batches import START, STATE_DIR, bad_night

NEVER = TaskId("corebench/never")
BROKEN = Failed(attempt=0, ended_at=START, error_class=ErrorClass.BROKEN, cause="no such file")


def test_times_are_written_for_people_and_for_programs() -> None:
    assert iso(START + 0.4) == "2026-02-02T02:40:00+00:00"
    assert iso(None) is None
    assert unix(START) == START


def test_a_task_that_never_ran_has_no_log_and_no_exit_code() -> None:
    batch = bad_night()
    task = batch.tasks[NEVER]
    assert log_path(STATE_DIR, task) is None
    assert exit_code(task) is None
    assert params(batch, task) == {}


def test_progress_is_what_the_last_attempt_said() -> None:
    task = bad_night().tasks[TaskId("scicode/expired")]
    assert progress(task) is None
    first, last = task.history
    assert progress(replace(task, history=(replace(first, progress=(9, 9)), last))) is None
    said = replace(task, history=(first, replace(last, progress=(32, 100))))
    assert progress(said) == [32, 100]


def test_a_task_that_failed_before_its_first_attempt_first_failed_then() -> None:
    batch = bad_night()
    document = failure(batch, batch.tasks[NEVER], BROKEN, STATE_DIR, iso)
    assert document["first_at"] == document["ended_at"] == "2026-02-02T02:40:00+00:00"
    assert not retryable(batch, batch.tasks[NEVER], BROKEN)
