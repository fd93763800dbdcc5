"""Tasks that come, or change, while the batch runs: add and edit."""

import shlex
from dataclasses import replace

from supervisor.core.batch import Task
from supervisor.core.draft import Draft
from supervisor.core.facets import LIVE
from supervisor.core.failing_fast import reopened
from supervisor.core.intents import Add, Edit
from supervisor.core.models import GroupId, GroupSpec, LimitId, LimitSpec, TaskId, TaskSpec
from supervisor.core.need import need_of
from supervisor.core.phase import Succeeded, Waiting
from supervisor.core.redact import redact
from supervisor.core.targets import no_such, select
from supervisor.core.wording import brief


def add(draft: Draft, intent: Add, who: str) -> None:
    """Take in a new task; its group and limits are made if need be."""
    spec = replace(_completed(draft, intent.task), added=True)
    problem = _problem(draft, spec)
    if problem is not None:
        draft.reply(problem, refused=True)
        return
    if spec.id in draft.tasks:
        draft.reply(f"{spec.id} is there already")
        return
    if spec.group not in draft.groups:
        made = GroupSpec(name=spec.group)
        draft.admit_group(
            made if intent.parallel is None else replace(made, parallel=intent.parallel)
        )
    for name in spec.limits:
        if name not in draft.limits:
            draft.admit_limit(LimitSpec(name=name))
    group = draft.groups[spec.group]
    if group.aborted is not None:
        draft.put_group(replace(group, aborted=None))
    reopened(draft)
    draft.admit(spec, Task(id=spec.id, phase=Waiting(not_before=spec.not_before)))
    if draft.desk.ended_at is not None:
        draft.put_desk(replace(draft.desk, ended_at=None))
    draft.record("add", spec.id, f"by {who}")
    draft.reply(f"added {spec.id}")


def edit(draft: Draft, intent: Edit, who: str) -> None:
    """Change the command of one task that does not run now."""
    selection = select(draft, (intent.task,))
    if len(selection.ids) != 1 or selection.problems:
        text = "; ".join(selection.problems) or f"{intent.task!r} means more than one task"
        draft.reply(text, refused=True)
        return
    id_ = selection.ids[0]
    if isinstance(draft.tasks[id_].phase, LIVE):
        text = f"{id_} runs now; first: overnight kill {id_}, or wait for its end"
        draft.reply(text, refused=True)
        return
    before = draft.specs[id_].run
    if before != intent.run:
        draft.put_spec(replace(draft.specs[id_], run=intent.run))
        draft.record("edit", id_, f"by {who}: {_shown(before)} → {_shown(intent.run)}")
    done = isinstance(draft.tasks[id_].phase, Succeeded)
    draft.reply(f"{id_} is changed" + (f"; run it again: overnight retry {id_}" if done else ""))


def _shown(run: str | tuple[str, ...]) -> str:
    return brief(redact(run if isinstance(run, str) else shlex.join(run)))


def _completed(draft: Draft, spec: TaskSpec) -> TaskSpec:
    """Return ``spec`` with what a batch file would have given it: limits and its place."""
    return replace(
        spec,
        limits=spec.limits or (LimitId(spec.group),),
        index=len(draft.specs),
    )


def _problem(draft: Draft, spec: TaskSpec) -> str | None:
    if draft.desk.stopping is not None:
        return "the engine is stopping; add it once the batch runs again"
    known = draft.specs.get(spec.id)
    if known is not None and known.run != spec.run:
        return f"{spec.id} is there already with another command; give it another id"
    for name in (need_of(text).name for text in spec.needs):
        if TaskId(name) not in draft.tasks and GroupId(name) not in draft.groups:
            return no_such(draft, name, "task or group")
    return None
