"""``--fail-fast``: the first task that fails for good ends the batch, as far as it has not begun."""

from dataclasses import replace

from supervisor.core.breaker import AT_REST, give_up
from supervisor.core.draft import Draft
from supervisor.core.models import TaskId
from supervisor.core.phase import Failed
from supervisor.core.wording import plural


def attempt_over(draft: Draft, id_: TaskId) -> None:
    """Give up all that is at rest if the task has failed; what runs, runs to its end."""
    desk = draft.desk
    if not desk.fail_fast or desk.aborted is not None:
        return
    if not isinstance(draft.tasks[id_].phase, Failed):
        return
    cause = f"aborted: {id_} failed, and the run was to stop then (--fail-fast)"
    draft.put_desk(replace(desk, aborted=cause))
    rest = [
        task
        for task in draft.tasks.values()
        if isinstance(task.phase, AT_REST) and not task.skipped
    ]
    for task in rest:
        give_up(draft, task, cause)
    draft.record("fail_fast", "", f"{cause}; {plural(len(rest), 'task')} given up")


def reopened(draft: Draft) -> None:
    """Take back that the batch was given up: somebody wants more of it."""
    if draft.desk.aborted is not None:
        draft.put_desk(replace(draft.desk, aborted=None))
