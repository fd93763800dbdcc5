"""Parallelism that follows limits: halved where a rate limit is met, one more after a clean stretch.

So a congested network is shared (additive increase, multiplicative decrease: Chiu and Jain, 1989).
What runs is never ended for it.
"""

from dataclasses import replace

from supervisor.core import inner
from supervisor.core.batch import Following, Group
from supervisor.core.draft import Draft, View
from supervisor.core.models import GroupId, GroupSpec
from supervisor.core.scheduling import next_in_line
from supervisor.core.weights import fits_group
from supervisor.core.wording import span

EPISODE_S = 60.0
"""Calls that were made before a lowering took hold are answered within this time."""
CLEAN_S = 120.0
"""With all slots in use for so long, and no rate limit: limits per minute have room for one more."""
SPELL_S = 1800.0
"""So long a rate limit that nothing was done about is a reason for advice."""


def limited(draft: Draft, name: GroupId, cause: str, weight: int = 1) -> None:
    """Take in that an attempt of the group met a rate limit; one episode lowers it once.

    ``weight`` is for how many it counts where only the operator can do something about it.
    """
    spec, group = draft.group_specs[name], draft.groups[name]
    following = replace(group.following, clean_s=0.0, rises_at=None)
    known = following.coming_down or 0 < following.calm_at - draft.now <= EPISODE_S
    draft.put_group(replace(group, following=following))
    draft.moved.add(name)
    if _parallel_moves(spec, group) and (known or group.parallel > _least(spec)):
        if not known:
            _set_parallel(draft, name, max(_least(spec), group.parallel // 2), cause)
            _begin_episode(draft, name)
    elif inner.moves(spec, group) and (known or _inner_falls(spec, group)):
        if not known:
            _halve_inner(draft, name, cause)
            _begin_episode(draft, name)
    else:
        _remember(draft, name, cause, weight)


def out_of_memory(draft: Draft, name: GroupId) -> None:
    """Take in that the machine had no memory left for the group's attempts."""
    spec, group = draft.group_specs[name], draft.groups[name]
    why = "the machine ran out of memory"
    if group.parallel > _least(spec):
        if spec.parallel_least is not None:
            ceiling = replace(group.following, ceiling=group.parallel - 1)
            draft.put_group(replace(group, following=ceiling))
        _set_parallel(draft, name, group.parallel - 1, why)
        draft.moved.add(name)
    elif inner.moves(spec, group) and _inner_falls(spec, group):
        _halve_inner(draft, name, why)


def begin(draft: Draft) -> None:
    """Take in that an engine began: nobody saw what was met meanwhile, so each stretch begins anew."""
    for name, group in draft.groups.items():
        if group.following.rises_at is not None:
            following = replace(group.following, clean_s=0.0, rises_at=None)
            draft.put_group(replace(group, following=following))
        draft.moved.add(name)


def settle(draft: Draft) -> None:
    """Look at the groups whose slots changed in this step: whether they are full, or come down."""
    for name in sorted(draft.moved):
        spec = draft.group_specs[name]
        if spec.parallel_least is not None or spec.inner is not None:
            following = _watched(draft, spec, draft.groups[name])
            if following != draft.groups[name].following:
                draft.put_group(replace(draft.groups[name], following=following))
            inner.settle(draft, name)
    draft.moved.clear()


def due(draft: Draft, name: GroupId) -> None:
    """Do what the group's deadlines ask for: one more, or forgetting what was met long ago."""
    following = draft.groups[name].following
    if following.forgotten_at is not None and following.forgotten_at <= draft.now:
        following = replace(following, met=0, met_since=0.0, cause="", forgotten_at=None)
    rises = following.rises_at is not None and following.rises_at <= draft.now
    if rises:
        following = replace(following, clean_s=0.0, rises_at=None)
    draft.put_group(replace(draft.groups[name], following=following))
    if rises:
        _rise(draft, name)
        draft.moved.add(name)


def note(spec: GroupSpec, group: Group) -> str | None:
    """Return how far the group's settings are from where they begin, in few words; None: not."""
    words: list[str] = []
    if spec.parallel_least is not None:
        of = f"{group.parallel} of {spec.parallel_least}..{spec.parallel}"
        if group.following.fixed:
            words.append(f"fixed at {of}")
        elif group.parallel != spec.parallel:
            words.append(of if group.following.ceiling is None else f"{of} (memory)")
    number = inner.value(spec, group)
    if spec.inner is not None and number != spec.inner.start:
        words.append(f"{spec.inner.knob} {number} of {spec.inner.start}")
    return ", ".join(words) or None


def why_full(view: View, name: GroupId) -> str:
    """Return why no more run than do, to be put behind how many do; empty: as the file says."""
    spec, group = view.group_specs[name], view.groups[name]
    if not _parallel_moves(spec, group) or group.parallel >= spec.parallel:
        return ""
    cause = "by rate limits or idle containers" if spec.auto_parallel else "by rate limits"
    cause = cause if group.following.ceiling is None else "for want of memory"
    return f", lowered from {spec.parallel} {cause}"


def _watched(draft: Draft, spec: GroupSpec, group: Group) -> Following:
    """Return the state with its clock running only while all slots are in use."""
    following = group.following
    if following.coming_down and _is_down(draft, group):
        following = replace(following, coming_down=False, calm_at=draft.now + EPISODE_S)
    full = not following.coming_down and _is_full(draft, spec, group)
    if full and following.rises_at is None:
        return replace(following, rises_at=draft.now + CLEAN_S - following.clean_s)
    if not full and following.rises_at is not None:
        clean_s = max(0.0, CLEAN_S - (following.rises_at - draft.now))
        return replace(following, clean_s=clean_s, rises_at=None)
    return following


def _is_full(draft: Draft, spec: GroupSpec, group: Group) -> bool:
    """Tell whether something could rise, and what it counts is all in use."""
    used = draft.used[group.name]
    if _inner_rises(spec, group):
        return used > 0
    if not _parallel_rises(spec, group):
        return False
    waits = next_in_line(draft, group.name, draft.now)
    return used >= group.parallel or (waits is not None and not fits_group(draft, waits))


def _is_down(draft: Draft, group: Group) -> bool:
    """Tell whether no more run than should; one that is heavier than that may run alone."""
    alone = draft.slots[group.name].bit_count() <= 1
    return alone or draft.used[group.name] <= group.parallel


def _parallel_moves(spec: GroupSpec, group: Group) -> bool:
    return spec.parallel_least is not None and not group.following.fixed


def _parallel_rises(spec: GroupSpec, group: Group) -> bool:
    ceiling = group.following.ceiling
    most = spec.parallel if ceiling is None else min(spec.parallel, ceiling)
    return _parallel_moves(spec, group) and group.parallel < most


def _least(spec: GroupSpec) -> int:
    return spec.parallel_least or 1


def _inner_falls(spec: GroupSpec, group: Group) -> bool:
    number = inner.value(spec, group)
    return spec.inner is not None and number is not None and number > spec.inner.least


def _inner_rises(spec: GroupSpec, group: Group) -> bool:
    number = inner.value(spec, group)
    rises = spec.inner is not None and number is not None and number < spec.inner.start
    return rises and inner.moves(spec, group)


def _rise(draft: Draft, name: GroupId) -> None:
    """What fell last rises first: the inner knob, then how many run at once."""
    spec, group = draft.group_specs[name], draft.groups[name]
    why = f"{span(CLEAN_S)} with all in use, and no rate limit"
    number = inner.value(spec, group)
    if number is not None and _inner_rises(spec, group):
        inner.set_value(draft, name, number + 1, why, fixed=False)
    elif _parallel_rises(spec, group):
        _set_parallel(draft, name, group.parallel + 1, why)


def _set_parallel(draft: Draft, name: GroupId, parallel: int, why: str) -> None:
    group = draft.groups[name]
    draft.put_group(replace(group, parallel=parallel))
    draft.record("parallel", name, f"{group.parallel} -> {parallel}: {why}")


def _halve_inner(draft: Draft, name: GroupId, why: str) -> None:
    spec, group = draft.group_specs[name], draft.groups[name]
    number = inner.value(spec, group)
    if spec.inner is None or number is None:
        raise AssertionError(f"{name} has no inner knob")
    inner.set_value(draft, name, max(spec.inner.least, number // 2), why, fixed=False)


def _begin_episode(draft: Draft, name: GroupId) -> None:
    group = draft.groups[name]
    following = replace(group.following, coming_down=True, calm_at=draft.now + EPISODE_S)
    draft.put_group(replace(group, following=following))


def _remember(draft: Draft, name: GroupId, cause: str, weight: int) -> None:
    group = draft.groups[name]
    following = group.following
    first = following.forgotten_at is None
    known = replace(
        following,
        met=following.met + weight,
        met_since=draft.now if first else following.met_since,
        cause=cause,
        forgotten_at=draft.now + SPELL_S,
    )
    draft.put_group(replace(group, following=known))
