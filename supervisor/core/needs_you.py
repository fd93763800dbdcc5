"""What only a person can cure, each with the command that cures it."""

from shlex import quote

from supervisor.core import gpus
from supervisor.core.batch import Free, Group, Holding, Limit, Open, Probing, Ramping
from supervisor.core.board import Edited, NeedsYou
from supervisor.core.draft import View
from supervisor.core.indexes import over
from supervisor.core.logins import login_command
from supervisor.core.names import TaskId
from supervisor.core.parts import titled
from supervisor.core.phase import Unreachable
from supervisor.core.wish import DOCKER
from supervisor.core.wording import plural, span


def needs_you(view: View, now: float) -> tuple[NeedsYou, ...]:
    """Return what needs the operator, longest waiting first."""
    limits = (need_of_limit(view, limit) for limit in view.limits.values())
    groups = (need_of_group(view, group, now) for group in view.groups.values())
    found = [*limits, *groups, need_of_disk(view), need_of_unreachable(view)]
    found += [need for _, need in gpus.needs_you(view)]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.since))


def need_of_limit(view: View, limit: Limit) -> NeedsYou | None:
    """Return what is wrong with a limit that no wait cures."""
    command = f"overnight resume {limit.name}"
    match limit.phase:
        case Holding(needs_operator=True, since=since, reason=reason):
            refresh = view.limit_specs[limit.name].refresh
            told = reason if refresh is None else f"{reason} ({refresh.run})"
            login = None if _is_paid(reason) else login_command(told)
            cure = command if login is None else f"{login}; {command}"
            return NeedsYou(what=limit.name, since=since, why=_latest(reason), command=cure)
        case Free() | Probing() | Ramping() if limit.refresh_trouble:
            return NeedsYou(
                what=limit.name,
                since=limit.refreshed_at,
                why=f"its refresh failed, the old credential runs out: {limit.refresh_trouble}",
                command=f"overnight refresh {limit.name}",
            )
        case _:
            return None


def _latest(reason: str) -> str:
    """Return the reason with what was tried last before what began it."""
    began, failed, why = reason.partition("; refresh failed: ")
    return f"refresh failed: {why} (after: {began})" if failed else reason


def _is_paid(reason: str) -> bool:
    """Tell whether money is what is missing, which no login brings."""
    small = reason.lower()
    return any(word in small for word in ("quota", "credit", "billing", "balance", "spend"))


def need_of_group(view: View, group: Group, now: float) -> NeedsYou | None:
    """Return why a group stands still until somebody looks."""
    match group.breaker:
        case Open(since=since) as opened if not over(view.counts[group.name]):
            return NeedsYou(
                what=group.name,
                since=since,
                why=_why_open(opened, now),
                command=f"overnight resume {group.name}",
            )
        case _:
            return _need_of_parts(view, group, now) or _need_of_knob(view, group)


def _need_of_parts(view: View, group: Group, now: float) -> NeedsYou | None:
    """Return which parts of a group stand still; one entry for all of them."""
    found = [
        (one.breaker.since, part, one.breaker)
        for part, one in group.parts.items()
        if isinstance(one.breaker, Open)
    ]
    opened = sorted(found, key=lambda one: one[:2])
    if not opened or over(view.counts[group.name]):
        return None
    since, part, first = opened[0]
    title = titled(group.name, part)
    more = f"; {plural(len(opened) - 1, 'other part')} as well" if len(opened) > 1 else ""
    return NeedsYou(
        what=title if len(opened) == 1 else group.name,
        since=since,
        why=f"{part}: {_why_open(first, now)}{more}" if more else _why_open(first, now),
        command=f"overnight resume {quote(title if len(opened) == 1 else group.name)}",
    )


def _need_of_knob(view: View, group: Group) -> NeedsYou | None:
    """Return that running attempts could not be told what their inner knob is set to."""
    policy, state = view.group_specs[group.name].inner, group.inner
    if policy is None or state is None or not state.trouble:
        return None
    return NeedsYou(
        what=group.name,
        since=state.trouble_at,
        why=f"{policy.knob} {state.value} could not be told to all that run: {state.trouble}",
        command=f"overnight parallel {quote(group.name)} {state.value}",
    )


def _why_open(opened: Open, now: float) -> str:
    if opened.probe_at is None:
        return opened.cause
    return f"{opened.cause}; one task is tried in {span(opened.probe_at - now)}"


def need_of_disk(view: View) -> NeedsYou | None:
    """Return that there is no space, if so."""
    if view.desk.disk is None:
        return None
    # Space comes back by itself or by the operator; either way the batch goes on alone.
    command = "overnight sweep" if "Docker" in view.desk.disk else "df -h"
    return NeedsYou(what="disk", since=0.0, why=view.desk.disk, command=command)


def need_of_edit(edited: Edited) -> NeedsYou:
    """Return that the batch file was edited, and that nothing follows from it by itself."""
    folder, _, name = edited.file.rpartition("/")
    if not edited.faults:
        why, command = f"edited: {edited.brief}", "overnight reload"
    else:
        others = f" (and {plural(len(edited.faults) - 1, 'other fault')})"
        first = edited.faults[0].removeprefix(f"{edited.file}:").replace(f"{folder}/", "")
        place = "line " if first[:1].isdigit() and first != edited.faults[0] else ""
        why = place + first.lstrip() + (others if edited.faults[1:] else "")
        command = f"overnight check {quote(edited.file)}"
    return NeedsYou(
        what=name, since=edited.since, why=f"{why}; the batch goes on as before", command=command
    )


def need_of_unreachable(view: View) -> NeedsYou | None:
    """Return which attempts nobody can tell about or end; one entry for all of them."""
    lost = _lost(view)
    if not lost:
        return None
    since, first, reason = min(lost)
    more = f" and {plural(len(lost) - 1, 'other task')}" if len(lost) > 1 else ""
    return NeedsYou(
        what="unreachable",
        since=since,
        why=f"{first}{more}: {reason}; that is no failure, nothing is started twice",
        command=f"overnight why {first}",
    )


def tells_of_daemon(view: View) -> bool:
    """Tell whether the entry of unreachable attempts says that the container engine is away."""
    lost = _lost(view)
    return bool(lost) and DOCKER in view.specs[min(lost)[1]].limits


def _lost(view: View) -> list[tuple[float, TaskId, str]]:
    """Return since when each attempt is unreachable, whose it is, and why."""
    if not any(counts["unreachable"] for counts in view.counts.values()):
        return []
    return [
        (phase.unreachable_at, id_, phase.reason)
        for _, id_ in view.live
        if isinstance(phase := view.tasks[id_].phase, Unreachable)
    ]
