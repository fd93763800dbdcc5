"""What an operator should turn, and to what: records of several sources, all of one shape."""

from collections.abc import Iterator

from supervisor.core import idle_advice, inner
from supervisor.core.advised import PARALLEL
from supervisor.core.batch import Group
from supervisor.core.board import Advice
from supervisor.core.draft import View
from supervisor.core.indexes import over
from supervisor.core.models import GroupSpec
from supervisor.core.wording import plural, span

_ENOUGH = 3
"""A rate limit or two are nothing to get up for."""


def advice(view: View, now: float) -> tuple[Advice, ...]:
    """Return what every source has to say; costs as much as there are groups."""
    found: list[Advice] = []
    for name, group in view.groups.items():
        if not over(view.counts[name]):
            found += (
                *_of_limits(view, group, now),
                *_of_idleness(view, group, now),
                *_of_restarts(view, group),
            )
    return tuple(found)


def _of_limits(view: View, group: Group, now: float) -> Iterator[Advice]:
    """Half of what runs, where rate limits were met again and again and nothing lowers it by itself."""
    spec, following = view.group_specs[group.name], group.following
    if following.met < _ENOUGH:
        return
    knob, number, least = _fixed_knob(spec, group)
    if number <= least:
        return
    met = f"{plural(following.met, 'rate limit')} in {span(now - following.met_since)}"
    yield Advice(
        group=group.name,
        parallel=number,
        suggested=max(least, number // 2),
        why=f"{met}: {following.cause.removeprefix('rate limit: ')}",
        knob=knob,
        restart=knob != PARALLEL and _only_by_restart(spec),
    )


def _of_idleness(view: View, group: Group, now: float) -> Iterator[Advice]:
    """As many as do all the work, where most containers only stand by."""
    spec = view.group_specs[group.name]
    number = inner.value(spec, group)
    if spec.inner is None or number is None:
        found = idle_advice.advice(view, group.name, now, spec.parallel_least or 1)
        if found is not None:
            yield found
        return
    least = spec.inner.least
    idle = idle_advice.inner_advice(view, group.name, now, inner=number, least=least)
    if idle is not None:
        suggested, why = idle
        yield Advice(
            group=group.name,
            parallel=number,
            suggested=suggested,
            why=why,
            knob=spec.inner.knob,
            source=idle_advice.SOURCE,
            restart=_only_by_restart(spec),
        )


def _fixed_knob(spec: GroupSpec, group: Group) -> tuple[str, int, int]:
    """Return the knob that limits do not turn, its value and its least one; the inner one first."""
    number = inner.value(spec, group)
    fixed = spec.inner is not None and not inner.moves(spec, group)
    if spec.inner is not None and number is not None and fixed and number > spec.inner.least:
        return spec.inner.knob, number, spec.inner.least
    return PARALLEL, group.parallel, spec.parallel_least or 1


def _of_restarts(view: View, group: Group) -> Iterator[Advice]:
    """What was set, for those who learn of it only when they start anew."""
    spec = view.group_specs[group.name]
    number = inner.value(spec, group)
    if spec.inner is None or number is None or not _only_by_restart(spec):
        return
    behind = inner.behind(view, group.name)
    if not behind:
        return
    values = [view.tasks[id_].inner or spec.inner.start for id_ in behind]
    yield Advice(
        group=group.name,
        parallel=max(values),
        suggested=number,
        why=f"{plural(len(behind), 'running attempt')} must be restarted to take it up",
        knob=spec.inner.knob,
        source="restart",
        restart=True,
    )


def _only_by_restart(spec: GroupSpec) -> bool:
    return spec.inner is not None and spec.inner.apply == "restart"
