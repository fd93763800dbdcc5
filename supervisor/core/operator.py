"""What an operator wants of batch, groups and limits; every intent is answered."""

from dataclasses import replace
from typing import assert_never

from supervisor.core import breaker, container_orders, gpus, lifecycle, limits, orders, refreshes
from supervisor.core.batch import Checking, Holding, LimitPhase
from supervisor.core.draft import Draft
from supervisor.core.intents import (
    Add,
    Cancel,
    Edit,
    First,
    FollowLimits,
    Freeze,
    Intent,
    Kill,
    KillContainers,
    Pause,
    Refresh,
    Reload,
    Resume,
    Retry,
    SetKnob,
    SetParallel,
    Stop,
    Sweep,
    Thaw,
)
from supervisor.core.knobs import set_knob
from supervisor.core.models import ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.parallelism import follow_limits, set_parallel
from supervisor.core.parts import part_state, titled
from supervisor.core.phase import WAITING, BackingOff, Held, Waiting
from supervisor.core.queueing import add, edit
from supervisor.core.reload import reload
from supervisor.core.targets import named_part, no_such, select
from supervisor.core.wording import listed, plural


def wanted(draft: Draft, intent: Intent, who: str) -> None:
    """Take in what ``who`` wants, and reply."""
    match intent:
        case Pause():
            _pause(draft, intent.group, who)
        case Resume(name=name):
            _resume_batch(draft, who) if name is None else _resume(draft, name, who)
        case SetParallel():
            set_parallel(draft, intent, who)
        case FollowLimits():
            follow_limits(draft, intent, who)
        case Refresh():
            _refresh(draft, intent.limit, who)
        case Stop():
            _stop(draft, intent, who)
        case SetKnob():
            set_knob(draft, intent, who)
        case KillContainers() | Sweep():
            container_orders.wanted(draft, intent, who)
        case Reload():
            reload(draft, intent, who)
        case _:
            _about_tasks(draft, intent, who)


def _about_tasks(
    draft: Draft, intent: Freeze | Thaw | Kill | Cancel | Retry | First | Add | Edit, who: str
) -> None:
    match intent:
        case Freeze():
            orders.freeze(draft, intent, who)
        case Thaw():
            orders.thaw(draft, intent, who)
        case Kill():
            orders.kill(draft, intent, who)
        case Cancel():
            orders.cancel(draft, intent, who)
        case Retry():
            orders.retry(draft, intent, who)
        case First():
            orders.first(draft, intent, who)
        case Add():
            add(draft, intent, who)
        case Edit():
            edit(draft, intent, who)
        case _:
            assert_never(intent)


def _pause(draft: Draft, name: GroupId | None, who: str) -> None:
    if name is None:
        if not draft.desk.paused:
            draft.put_desk(replace(draft.desk, paused=True, paused_by=who))
            draft.record("pause", "", f"by {who}")
        draft.reply("the batch is paused; what runs, runs on")
        return
    group = draft.groups.get(name)
    if group is None:
        draft.reply(no_such(draft, name, "group"), refused=True)
        return
    if not group.paused:
        draft.put_group(replace(group, paused=True, paused_by=who))
        draft.record("pause", name, f"by {who}")
    draft.reply(f"{name} is paused; what runs, runs on")


def _resume_batch(draft: Draft, who: str) -> None:
    desk = draft.desk
    stopping = None if desk.stopping == "drain" else desk.stopping
    if desk.paused or stopping != desk.stopping:
        desk = replace(desk, paused=False, paused_by="", stopping=stopping, time_up=False)
        draft.put_desk(desk)
        draft.record("resume", "", f"by {who}")
    paused = [group.name for group in draft.groups.values() if group.paused]
    if stopping is not None:
        draft.reply("the engine is stopping already; `overnight run` goes on", refused=True)
    elif paused:
        draft.reply(f"the batch goes on; still paused: {listed(paused)} (overnight resume GROUP)")
    else:
        draft.reply("the batch goes on")


def _resume(draft: Draft, name: str, who: str) -> None:
    """Let a group, a limit or both of that name go on; else a task."""
    done: list[str] = []
    if GroupId(name) in draft.groups:
        done.append(_resume_group(draft, GroupId(name)))
    if (released := _release(draft, name)) is not None:
        done.append(released)
    part = named_part(draft, name)
    if part is not None:
        done.append(_resume_part(draft, *part))
    if (back := gpus.brought_back(draft, name)) is not None:
        done.append(back)
    if done:
        if draft.touched:
            draft.record("resume", name, f"by {who}")
        draft.reply("; ".join(done))
        return
    selection = select(draft, (name,))
    if not selection.ids:
        draft.reply(no_such(draft, name), refused=True)
        return
    for id_ in selection.ids:
        _resume_task(draft, id_, who)


def _release(draft: Draft, name: str) -> str | None:
    """Release the limit of that name, if it holds; None: there is nothing to say."""
    if LimitId(name) not in draft.limits:
        return None
    if limits.operator_released(draft, LimitId(name)):
        return f"limit {name} is released; one task is tried first"
    # A group's own limit has its name; nobody asked about that one.
    return None if GroupId(name) in draft.groups else f"limit {name} does not hold"


def _resume_group(draft: Draft, name: GroupId) -> str:
    if draft.groups[name].paused:
        draft.put_group(replace(draft.groups[name], paused=False, paused_by=""))
    given_up = draft.groups[name].aborted
    reset = breaker.reset(draft, name)
    if given_up is not None:
        return f"{name} goes on; what was given up runs with: overnight retry {name}"
    return f"{name} goes on" + ("; its breaker is closed" if reset else "")


def _resume_part(draft: Draft, name: GroupId, part: str) -> str:
    title = titled(name, part)
    given_up = part_state(draft.groups[name], part).aborted
    reset = breaker.reset(draft, name, part)
    if given_up is not None:
        return f"{title} goes on; what was given up runs with: overnight retry 'GLOB'"
    return f"{title} goes on" + ("; its breaker is closed" if reset else "")


def _resume_task(draft: Draft, id_: TaskId, who: str) -> None:
    task = draft.tasks[id_]
    match task.phase:
        case BackingOff() | Held() | Waiting(not_before=float() | int()):
            draft.put(replace(task, phase=WAITING, priority=min(task.priority, -1)))
            draft.record("resume", id_, f"by {who}")
            draft.reply(f"{id_} runs as soon as it may")
        case Waiting():
            draft.reply(f"{id_} waits for nothing of its own: overnight why {id_}")
        case _:
            draft.reply(f"{id_} does not wait")


def _refresh(draft: Draft, name: LimitId, who: str) -> None:
    spec = draft.limit_specs.get(name)
    if spec is None:
        draft.reply(no_such(draft, name, "limit"), refused=True)
    elif spec.refresh is None:
        text = f"{name} has no refresh command; refresh it yourself, then: overnight resume {name}"
        draft.reply(text, refused=True)
    elif _is_refreshed(draft.limits[name].phase):
        draft.reply(f"the credential of {name} is being refreshed already")
    else:
        refreshes.refresh(draft, name)
        draft.record("refresh", name, f"asked for by {who}")
        draft.reply(f"the credential of {name} is being refreshed")


def _is_refreshed(phase: LimitPhase) -> bool:
    match phase:
        case Holding(refreshing=True) | Checking(step="refresh"):
            return True
        case _:
            return False


def _stop(draft: Draft, intent: Stop, who: str) -> None:
    mode = intent.mode
    if draft.desk.stopping != mode:
        draft.put_desk(replace(draft.desk, stopping=mode, ended_at=None))
        draft.record("stop", "", f"{mode.replace('_', ' ')}, by {who}")
    elif draft.desk.ended_at is not None:
        draft.put_desk(replace(draft.desk, ended_at=None))
    running = plural(len(draft.live), "attempt")
    match mode:
        case "stop":
            for _, id_ in draft.live:
                lifecycle.stop(
                    draft, draft.tasks[id_], ErrorClass.OPERATOR, "the engine stops", "again"
                )
            draft.reply(f"stopping {running}; `overnight run` goes on later")
        case "drain":
            draft.reply(f"launching nothing more; the engine ends after {running}")
        case _:
            draft.reply(f"the engine ends and leaves {running} running")
