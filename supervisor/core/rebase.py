"""Deadlines after the wall clock moved without time passing."""

from dataclasses import replace

from supervisor.core.batch import Holding, Open, Probing, Ramping
from supervisor.core.draft import Draft
from supervisor.core.models import GroupId, LimitId, TaskId
from supervisor.core.opening import look
from supervisor.core.parts import part_state, with_part
from supervisor.core.phase import BackingOff, Phase, Running
from supervisor.core.wording import span


def clock_jumped(draft: Draft, by_s: float) -> None:
    """Move every deadline of our own making by ``by_s``; what somebody stated stays."""
    # One thing may have two deadlines; it is moved once.
    for kind, name in dict.fromkeys((kind, name) for _, kind, name in draft.deadlines):
        match kind:
            case "task":
                task = draft.tasks[TaskId(name)]
                draft.put(replace(task, phase=_phase(task.phase, by_s)))
            case "group":
                _group(draft, GroupId(name), by_s)
            case "limit":
                _limit(draft, LimitId(name), by_s)
            case "hours":
                look(draft)
            case "until":
                pass
            case _:
                desk = draft.desk
                draft.put_desk(
                    replace(
                        desk,
                        disk_until=_moved(desk.disk_until, by_s),
                        page_at=_moved(desk.page_at, by_s),
                    )
                )
    direction = "forward" if by_s >= 0 else "back"
    draft.record("clock", "", f"the clock jumped {span(abs(by_s))} {direction}")


def _phase(phase: Phase, by_s: float) -> Phase:
    match phase:
        case BackingOff(stated=False, restart_at=at):
            return replace(phase, restart_at=at + by_s)
        case Running(deadline=deadline, quiet_since=quiet_since, stall_at=stall_at):
            return replace(
                phase,
                deadline=_moved(deadline, by_s),
                quiet_since=_moved(quiet_since, by_s),
                stall_at=_moved(stall_at, by_s),
            )
        case _:
            return phase


def _group(draft: Draft, name: GroupId, by_s: float) -> None:
    group = draft.groups[name]
    for part in ("", *group.parts):
        state = part_state(group, part)
        match state.breaker:
            case Open(probe_at=(float() | int()) as at) as opened:
                later = replace(state, breaker=replace(opened, probe_at=at + by_s))
                group = with_part(group, part, later)
            case _:
                pass
    if group.next_launch_at > 0:
        group = replace(group, next_launch_at=max(0.0, group.next_launch_at + by_s))
    following = replace(
        group.following,
        rises_at=_moved(group.following.rises_at, by_s),
        forgotten_at=_moved(group.following.forgotten_at, by_s),
    )
    draft.put_group(replace(group, following=following))


def _limit(draft: Draft, name: LimitId, by_s: float) -> None:
    limit = draft.limits[name]
    limit = replace(
        limit,
        next_launch_at=_planned(limit.next_launch_at, by_s),
        next_refresh_at=_planned(limit.next_refresh_at, by_s),
    )
    draft.put_limit(limit)
    match limit.phase:
        case Holding(stated=False, until=(float() | int()) as at) as hold:
            draft.put_limit(replace(limit, phase=replace(hold, until=at + by_s)))
        case Probing(passes_at=(float() | int()) as at) as probing:
            draft.put_limit(replace(limit, phase=replace(probing, passes_at=at + by_s)))
        case Ramping(next_at=at) as ramping:
            draft.put_limit(replace(limit, phase=replace(ramping, next_at=at + by_s)))
        case _:
            pass


def _planned(at: float, by_s: float) -> float:
    return max(0.0, at + by_s) if at else 0.0


def _moved(at: float | None, by_s: float) -> float | None:
    return None if at is None else at + by_s
