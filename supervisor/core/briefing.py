"""What a run says before it begins: refusals with the ways out, and what it skips."""

from supervisor.core.batch import Group
from supervisor.core.breaker import AT_REST
from supervisor.core.models import GroupSpec, TaskId
from supervisor.core.need import need_of, said
from supervisor.core.needs import unmet
from supervisor.core.options import RunOptions
from supervisor.core.phase import Aborted, Failed, Succeeded
from supervisor.core.reload import Merge
from supervisor.core.state import Batch
from supervisor.core.wording import listed, plural

_LISTED = 10


def missing_names(names: tuple[str, ...], options: RunOptions) -> list[str]:
    """Return the refusal for names of the environment that are not set now, if any."""
    if not names or options.missing_env_ok:
        return []
    return [
        f"the earlier run had {plural(len(names), 'variable')} in its environment that "
        f"{'is' if len(names) == 1 else 'are'} not set now: {listed(names, _LISTED)}. "
        "Set them, or run with --missing-env-ok"
    ]


def undecided(changed: tuple[TaskId, ...], options: RunOptions) -> list[str]:
    """Return the refusal for finished tasks with another command, unless somebody decided."""
    if not changed or options.changed != "ask":
        return []
    return [
        f"{plural(len(changed), 'task')} succeeded with another command than the batch file has "
        f"now: {listed(changed, _LISTED)}. --keep counts them as done, --force runs them again"
    ]


def unselected_needs(batch: Batch) -> list[str]:
    """Refusals for tasks that would wait for what this run was not asked for."""
    stuck: list[str] = []
    for id_, count in batch.unmet.items():
        task = batch.tasks[id_]
        if count and not task.skipped and isinstance(task.phase, AT_REST):
            needs = [need_of(text) for text in unmet(batch, id_)]
            left_out = [said(need) for need in needs if _left_out(batch, need.name)]
            if left_out:
                stuck.append(f"{id_} needs {listed(left_out)}")
    if not stuck:
        return []
    return [
        f"not selected, but needed: {listed(stuck, _LISTED)}. --ignore-needs runs them all the same"
    ]


def _left_out(batch: Batch, name: str) -> bool:
    task = batch.tasks.get(TaskId(name))
    among = (
        [task]
        if task is not None
        else [batch.tasks[id_] for id_, spec in batch.specs.items() if spec.group == name]
    )
    return any(one.skipped and isinstance(one.phase, AT_REST) for one in among)


def standing(batch: Batch) -> list[str]:
    """Return what an operator set in an earlier run and what still stands."""
    names = [group.name for group in batch.groups.values() if group.paused]
    lines = [f"still paused: {listed(names)} (overnight resume GROUP)"] if names else []
    for name, group in batch.groups.items():
        lines += _settings(batch.group_specs[name], group)
    return lines


def _settings(spec: GroupSpec, group: Group) -> list[str]:
    """What the knobs of a group are set to otherwise than the file says, and by whom."""
    lines: list[str] = []
    if group.parallel != spec.parallel:
        ranged = spec.parallel_least is not None
        said = f"{spec.parallel_least}..{spec.parallel}" if ranged else spec.parallel
        how = "as limits allowed last" if ranged and not group.following.fixed else "as set last"
        lines.append(f"{spec.name} runs {group.parallel} at once, {how}; the file says {said}")
    if spec.inner is not None and group.inner is not None:
        knob, start = spec.inner.knob, spec.inner.start
        if group.inner.value != start:
            lines.append(
                f"{spec.name} runs with {knob} {group.inner.value}, as set last; the file says {start}"
            )
    return lines


def told_of_sample(
    merge: Merge, selected: frozenset[TaskId], asked: int, options: RunOptions
) -> list[str]:
    """Return what a run of a sample does, and which command runs the rest."""
    if options.sample is None or not selected:
        return []
    return [
        f"a sample of {plural(len(selected), 'task')} out of {asked}, until the first failure; "
        f"the rest: overnight run {merge.spec.source}"
    ]


def skipped(batch: Batch, merge: Merge, selected: frozenset[TaskId]) -> list[str]:
    """What is over already, and which command would run it again."""
    if not selected:
        return ["nothing to do: no task matches the filter" if batch.tasks else "no tasks"]
    tasks = [task for id_, task in batch.tasks.items() if id_ in selected and not task.removed]
    succeeded = sum(isinstance(task.phase, Succeeded) for task in tasks)
    errors = [task.id for task in tasks if isinstance(task.phase, Failed | Aborted)]
    run = f"overnight run {merge.spec.source}"
    lines: list[str] = []
    if succeeded == len(tasks):
        lines.append(
            f"nothing to do: {plural(succeeded, 'task')} succeeded earlier; "
            f"to run them again: {run} --force --filter GLOB"
        )
    elif succeeded:
        lines.append(f"{plural(succeeded, 'task')} succeeded earlier, skipped")
    if errors:
        lines.append(
            f"{plural(len(errors), 'task')} failed or aborted earlier, skipped: "
            f"{listed(errors)}; to run them again: {run} --retry-errors"
        )
    stale = [task.id for task in tasks if task.stale and isinstance(task.phase, Succeeded)]
    if stale:
        lines.append(
            f"stale, for what they need ran again since: {listed(stale)}; "
            f"to run them again: {run} --with-dependents"
        )
    edited = [id_ for id_ in merge.changed if id_ in errors]
    if edited:
        lines.append(f"changed since they failed: {listed(edited)}")
    return lines
