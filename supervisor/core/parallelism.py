"""What an operator sets parallelism to: of the batch, a group, or inside of a group's runners."""

from dataclasses import replace

from supervisor.core import inner
from supervisor.core.adapt import EPISODE_S
from supervisor.core.advised import PARALLEL
from supervisor.core.batch import Following
from supervisor.core.draft import Draft
from supervisor.core.intents import FollowLimits, SetParallel
from supervisor.core.models import GroupId, GroupSpec
from supervisor.core.targets import no_such
from supervisor.core.wording import plural


def set_parallel(draft: Draft, intent: SetParallel, who: str) -> None:
    """Turn the knob that exists: the group's inner one where there is one, else how many run."""
    if intent.parallel < 1:
        draft.reply("parallel must be at least 1; `overnight pause` launches nothing", refused=True)
    elif intent.group is None:
        _set_cap(draft, intent.parallel, who)
    elif intent.group not in draft.groups:
        draft.reply(no_such(draft, intent.group, "group"), refused=True)
    else:
        _set_knob(draft, intent.group, intent, who)


def follow_limits(draft: Draft, intent: FollowLimits, who: str) -> None:
    """Let limits turn a group's knobs again that the operator had fixed."""
    spec = draft.group_specs.get(intent.group)
    if spec is None:
        draft.reply(no_such(draft, intent.group, "group"), refused=True)
        return
    told = [*_unfix_parallel(draft, spec, who), *_unfix_inner(draft, spec, who)]
    if told:
        draft.moved.add(spec.name)
        draft.reply(f"{spec.name}: {', '.join(told)}")
    else:
        text = f"the batch file gives {spec.name} no range, such as parallel: 1..5"
        draft.reply(text, refused=True)


def _set_cap(draft: Draft, parallel: int, who: str) -> None:
    if draft.desk.parallel != parallel:
        draft.put_desk(replace(draft.desk, parallel=parallel))
        draft.record("parallel", "", f"{parallel} over all groups, by {who}")
    draft.reply(f"at most {parallel} run at once over all groups")


def _set_knob(draft: Draft, name: GroupId, intent: SetParallel, who: str) -> None:
    policy = draft.group_specs[name].inner
    knob = intent.knob or (PARALLEL if policy is None else policy.knob)
    if knob == PARALLEL:
        _set_group(draft, name, intent.parallel, who)
    elif policy is not None and knob == policy.knob:
        _set_inner(draft, name, intent, who)
    else:
        has = PARALLEL if policy is None else f"{policy.knob} and {PARALLEL}"
        draft.reply(f"{name} has no knob {knob!r}; it has {has}", refused=True)


def _set_group(draft: Draft, name: GroupId, parallel: int, who: str) -> None:
    group, spec = draft.groups[name], draft.group_specs[name]
    ranged = spec.parallel_least is not None
    after = replace(group, parallel=parallel, following=Following(fixed=ranged))
    if after != group:
        draft.put_group(after)
    if group.parallel != parallel or group.following.fixed != ranged:
        draft.record("parallel", name, f"{group.parallel} -> {parallel}, by {who}")
    draft.moved.add(name)
    running = draft.slots[name].bit_count()
    more = f"; {running} run now, none is killed" if running > parallel else ""
    if ranged:
        more += f"; limits change it again after: overnight parallel {name} auto"
    draft.reply(f"{name} runs {parallel} at once{more}")


def _set_inner(draft: Draft, name: GroupId, intent: SetParallel, who: str) -> None:
    spec, group = draft.group_specs[name], draft.groups[name]
    if spec.inner is None:
        raise AssertionError(f"{name} has no inner knob")
    number = intent.parallel
    if group.following != Following(fixed=group.following.fixed):
        calm = Following(fixed=group.following.fixed, ceiling=group.following.ceiling)
        draft.put_group(replace(group, following=calm))
    fixed = spec.inner.apply != "restart"
    inner.set_value(draft, name, number, f"by {who}", fixed=fixed)
    draft.moved.add(name)
    draft.reply(f"{name}: {spec.inner.knob} {number}{_told(draft, spec, intent, who)}")


def _told(draft: Draft, spec: GroupSpec, intent: SetParallel, who: str) -> str:
    """Return what becomes of the attempts that run with another value."""
    behind = len(inner.behind(draft, spec.name))
    if spec.inner is None or not behind:
        return " for attempts to come"
    attempts = plural(behind, "running attempt")
    if spec.inner.apply != "restart":
        return f"; {attempts} {'is' if behind == 1 else 'are'} told now"
    if intent.restart:
        inner.restart(draft, spec.name, who)
        return f"; {attempts} {'is' if behind == 1 else 'are'} restarted"
    keeps = "keeps what it has" if behind == 1 else "keep what they have"
    command = f"overnight parallel {spec.name} {intent.parallel} --yes"
    return f" for attempts to come; {attempts} {keeps} until restarted: {command}"


def _unfix_parallel(draft: Draft, spec: GroupSpec, who: str) -> list[str]:
    group = draft.groups[spec.name]
    least = spec.parallel_least
    if least is None:
        return []
    parallel = min(spec.parallel, max(least, group.parallel))
    if group.following.fixed or group.following.ceiling or parallel != group.parallel:
        # What its attempts met before is no reason to lower what was just given.
        following = Following(calm_at=draft.now + EPISODE_S)
        draft.put_group(replace(group, parallel=parallel, following=following))
        text = f"{group.parallel} -> {parallel}, follows limits again, by {who}"
        draft.record("parallel", spec.name, text)
    return [f"runs {parallel} at once, of {least}..{spec.parallel}, as limits allow"]


def _unfix_inner(draft: Draft, spec: GroupSpec, who: str) -> list[str]:
    policy, state = spec.inner, draft.groups[spec.name].inner
    number = inner.value(spec, draft.groups[spec.name])
    if policy is None or number is None or policy.apply == "restart":
        return []
    if state is not None and state.fixed:
        inside = min(policy.start, max(policy.least, number))
        inner.set_value(draft, spec.name, inside, f"follows limits again, by {who}", fixed=False)
        number = inside
    return [f"{policy.knob} {number}, of {policy.least}..{policy.start}, as limits allow"]
