"""Everything that holds for a batch once all defaults are filled in, as plain values."""

from collections import Counter
from typing import Any, cast

from supervisor.core.codec import loads
from supervisor.core.container_rules import combined
from supervisor.core.container_rules import written as rules_written
from supervisor.core.durations import written
from supervisor.core.hours import written as hours_written
from supervisor.core.models import (
    BatchSpec,
    CommandSpec,
    ErrorClass,
    GpuNeed,
    GroupSpec,
    LimitSpec,
    NotifySpec,
    OwnRule,
    TaskSpec,
)
from supervisor.core.policy import most_launches
from supervisor.core.rules import Rule
from supervisor.core.rungs import rungs_of
from supervisor.core.rungs import written as rung_written
from supervisor.core.runners import GENERIC, RunnerProfile
from supervisor.core.stillness import counter_pattern, patience_s
from supervisor.core.success import success_signs
from supervisor.core.wish import Wish, in_words

Values = dict[str, Any]
"""Texts, whole numbers, lists and mappings, in the shape of a batch file."""


def effective(spec: BatchSpec) -> Values:
    """Return what holds for the batch, its limits and groups, under the batch file's own keys."""
    counts = Counter(task.group for task in spec.tasks)
    return {
        "batch": spec.name,
        "state": spec.directory,
        "timezone": spec.timezone or "the machine's",
        "parallel": spec.parallel or "no cap over all groups",
        "disk_floor": _size(spec.disk_floor_bytes),
        "hours": hours_written(spec.hours) if spec.hours else "at any time",
        "shell": " ".join(spec.shell),
        "rules": [_rule(own) for own in spec.rules] or "the package's",
        "notify": _notify(spec.notify),
        "limits": {limit.name: _limit(limit) for limit in spec.limits},
        "groups": {group.name: _group(group, counts[group.name], spec) for group in spec.groups},
    }


def _rule(own: OwnRule) -> str:
    rule = loads(Rule, own.text)
    return f"{rule.id}{'' if rule.enabled else ' (off)'} from {own.where}"


def _size(size_bytes: int) -> str:
    for unit, length in (("GiB", 1024**3), ("MiB", 1024**2), ("KiB", 1024)):
        if size_bytes and size_bytes % length == 0:
            return f"{size_bytes // length}{unit}"
    return f"{size_bytes}B" if size_bytes else "none"


def _limit(limit: LimitSpec) -> Values:
    values: Values = {"refresh": "none; a restart is the refresh"}
    if limit.refresh is not None:
        values["refresh"] = _refresh(limit.refresh)
    if limit.preflight is not None:
        values["preflight"] = _command(limit.preflight)
    if limit.pace_s:
        values["pace"] = f"{3600 / limit.pace_s:g}/h"
    return values


def _refresh(command: CommandSpec) -> Values:
    values = _command(command)
    if command.every_s is not None:
        values["every"] = written(command.every_s)
    if command.env:
        values["env"] = [f"{name} from its stdout" for name in command.env]
    return values


def _command(command: CommandSpec) -> Values:
    return {"run": command.run, "timeout": written(command.timeout_s)}


def _notify(notify: NotifySpec | None) -> Values | str:
    if notify is None:
        return "nobody is called"
    when = list(notify.when)
    return {"run": notify.run, "timeout": written(notify.timeout_s), "when": when}


def _group(group: GroupSpec, count: int, spec: BatchSpec) -> Values:
    tasks = [task for task in spec.tasks if task.group == group.name]
    first = group.timeout.first_s
    return {
        "tasks": count,
        "parallel": group.parallel
        if group.parallel_least is None
        else f"{group.parallel_least}..{group.parallel}, as rate limits"
        f"{' and idle containers' if group.auto_parallel else ''} allow",
        "inner": _inner(group),
        "order": group.order,
        "weight": sorted({task.weight for task in tasks}),
        "gpus": sorted({_gpus(task.gpus) for task in tasks if task.gpus is not None}),
        **_containers([task.container for task in tasks if task.container is not None]),
        **_watched(group, tasks, spec),
        "limit": sorted({limit for task in tasks for limit in task.limits}),
        "needs": _shared(tasks),
        "sources": sorted({source for task in tasks for source in task.sources}),
        "retry": _retry(group),
        "stagger": _span(group.stagger_low_s, group.stagger_high_s),
        "timeout": {
            "first": "none" if first is None else written(first),
            "growth": f"{group.timeout.growth:g}",
        },
        "breaker": _breaker(group),
        "stall": _stall(group, tasks, spec),
        "progress": _progress(group, tasks, spec),
        "give_up": {
            "holds": group.give_up.holds,
            "waited": written(group.give_up.waited_s),
            "launches": most_launches(group),
        },
        "degrade": _degrade(group),
        "errors": {
            kind.value: _error(group, kind)
            for kind in (
                *group.action_by_class,
                *group.attempts_by_class,
                *group.retry_by_class,
            )
        },
        "runner": sorted({task.profile for task in tasks}),
        "success": _success(group, tasks, spec),
        "leftovers": "leave" if group.leave_leftovers else "end",
        "failed_file": group.failed_file or "none",
    }


def _containers(wishes: list[Wish]) -> Values:
    """Return images, and how they are run; nothing for a group of plain processes."""
    if not wishes:
        return {}
    how = sorted({in_words(wish) for wish in wishes})
    return {"image": sorted({wish.image for wish in wishes}), "docker": how}


def _watched(group: GroupSpec, tasks: list[TaskSpec], spec: BatchSpec) -> Values:
    """Return which containers are shown under the group; nothing where none are."""
    own = {one.name: one.containers for one in spec.profiles}
    every = (combined(group.containers, own.get(name)) for name in {t.profile for t in tasks})
    found = [one for one in every if one is not None]
    return {"containers": sorted({rules_written(one) for one in found})} if found else {}


def _gpus(need: GpuNeed) -> str:
    free = f" with {_size(need.free_bytes)} free" if need.free_bytes else ""
    of = "" if need.of is None else f" of {', '.join(map(str, need.of))}"
    return f"{need.count}{of}{free}, used by nobody else"


def _error(group: GroupSpec, kind: ErrorClass) -> Values:
    """Return what the batch file says of one error class."""
    values: Values = {}
    if kind in group.action_by_class:
        values["action"] = group.action_by_class[kind]
    if kind in group.attempts_by_class:
        values["attempts"] = group.attempts_by_class[kind]
    waits = group.retry_by_class.get(kind)
    if waits is not None:
        values["base"] = written(waits.base_s)
        values["factor"] = f"{waits.factor:g}"
        values["cap"] = written(waits.cap_s)
    return values


def _retry(group: GroupSpec) -> Values:
    retry = group.retry
    return {
        "attempts": retry.attempts,
        "base": written(retry.base_s),
        "factor": f"{retry.factor:g}",
        "cap": written(retry.cap_s),
        "jitter": _span(retry.jitter_low_s, retry.jitter_high_s),
    }


def _success(group: GroupSpec, tasks: list[TaskSpec], spec: BatchSpec) -> Values:
    profiles = {task.profile for task in tasks}
    known = [one for one in spec.profiles if one.name in profiles]
    # Where the group's tasks have several runners, only what the group itself says holds for all.
    profile = known[0] if len(profiles) == 1 and known else RunnerProfile(name=GENERIC)
    signs = success_signs(group, profile)
    values: Values = {"exit": [str(code) for code in signs.exit]}
    if signs.files:
        values["files"] = list(signs.files)
    if signs.markers:
        values["markers"] = list(signs.markers)
    return values


def _inner(group: GroupSpec) -> Values | str:
    policy = group.inner
    if policy is None:
        return "none"
    how: Any = {"restart": "restart, which asks", "file": "file"}.get(policy.apply)
    if how is None:
        how = f"{policy.run} (at most {written(policy.timeout_s)})"
    return {"knob": policy.knob, "start": policy.start, "min": policy.least, "apply": how}


def _degrade(group: GroupSpec) -> Values | str:
    policy = group.degrade
    if policy is None:
        return "off"
    return {
        "after": [kind.value for kind in policy.after],
        "rungs": [rung_written(policy, rung) for rung in rungs_of(policy)],
        "then": "fail",
    }


def _stall(group: GroupSpec, tasks: list[TaskSpec], spec: BatchSpec) -> Values:
    quiet = {patience_s(group, task, spec) for task in tasks}
    return {
        "quiet": " or ".join(map(written, sorted(quiet))),
        "action": group.stall.action,
        "signals": list(group.stall.signals),
    }


def _progress(group: GroupSpec, tasks: list[TaskSpec], spec: BatchSpec) -> list[str]:
    return sorted({counter_pattern(group, task, spec) or "marks, else tqdm bars" for task in tasks})


def _breaker(group: GroupSpec) -> Values:
    breaker = group.breaker
    values: Values = {"consecutive": breaker.consecutive or "not counted"}
    if breaker.window:
        values["share"] = f"{breaker.share:.0%} of the last {breaker.window}"
    if breaker.per:
        values["per"] = list(breaker.per)
    values["then"] = breaker.then
    if group.breaker.then == "pause":
        values["probe_after"] = written(group.breaker.probe_after_s)
    return values


def _span(low_s: float, high_s: float) -> str:
    return f"{written(low_s)}..{written(high_s)}"


def _shared(tasks: list[TaskSpec]) -> list[str]:
    """Return what every task of the group needs."""
    first, *rest = (dict.fromkeys(task.needs) for task in tasks)
    return [need for need in first if all(need in needs for needs in rest)]


def flat(values: Values, indent: str = "") -> list[str]:
    """Return values as lines for reading: a mapping of plain values fits on one line."""
    lines: list[str] = []
    for key, value in values.items():
        if not isinstance(value, dict):
            lines.append(f"{indent}{key}: {_line(value)}")
            continue
        inner = cast("Values", value)
        if any(isinstance(deeper, dict) for deeper in inner.values()):
            lines += [f"{indent}{key}:", *flat(inner, f"{indent}  ")]
        else:
            inside = ", ".join(f"{name} {_line(plain)}" for name, plain in inner.items())
            lines.append(f"{indent}{key}: {inside or 'none'}")
    return lines


def _line(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, cast("list[object]", value))) or "none"
    return str(value)
