"""``auto_parallel``: does by itself what idle containers advise, where the operator wants that.

It only lowers. What is lowered rises again as after a rate limit, one by one while all slots work.
"""

from dataclasses import replace

from supervisor.core import idle_advice, inner
from supervisor.core.draft import Draft
from supervisor.core.models import GroupId


def follow(draft: Draft) -> None:
    """Lower what containers that stand by advise to lower; a number that a person gave stays."""
    for name, spec in draft.group_specs.items():
        if spec.auto_parallel:
            if spec.inner is None:
                _lower(draft, name)
            elif inner.moves(spec, draft.groups[name]):
                _lower_inner(draft, name)


def _lower(draft: Draft, name: GroupId) -> None:
    spec, group = draft.group_specs[name], draft.groups[name]
    if group.following.fixed:
        return
    found = idle_advice.advice(draft, name, draft.now, spec.parallel_least or 1)
    if found is not None:
        following = replace(group.following, clean_s=0.0, rises_at=None)
        draft.put_group(replace(group, parallel=found.suggested, following=following))
        draft.record("parallel", name, f"{group.parallel} -> {found.suggested}: {found.why}")
        draft.moved.add(name)


def _lower_inner(draft: Draft, name: GroupId) -> None:
    spec = draft.group_specs[name]
    number = inner.value(spec, draft.groups[name])
    if spec.inner is None or number is None:
        raise AssertionError(f"{name} has no inner knob")
    least = spec.inner.least
    found = idle_advice.inner_advice(draft, name, draft.now, inner=number, least=least)
    if found is not None:
        suggested, why = found
        inner.set_value(draft, name, suggested, why, fixed=False)
        draft.moved.add(name)
