"""A limit whose probe passed: more and more attempts at once, until it is free again."""

from dataclasses import replace

from supervisor.core.batch import Free, Limit, Ramping
from supervisor.core.draft import Draft
from supervisor.core.wording import plural

_PACE_LOW_S = 30.0
_PACE_HIGH_S = 300.0


def passed(draft: Draft, limit: Limit, usual_s: float, why: str) -> None:
    """Take in that the probe of ``limit`` passed; ``usual_s`` is how soon attempts met it."""
    draft.record("probe", limit.name, f"passed: {why}")
    # The wait helped: what is met from here on is a new incident, and its stated time is believed.
    widen(draft, replace(limit, holds=0), 2, pace_s(usual_s))


def widen(draft: Draft, limit: Limit, allowed: int, pace: float) -> None:
    """Let ``allowed`` attempts run, and twice as many after ``pace`` seconds; free at the most."""
    if allowed >= _most(draft):
        draft.put_limit(replace(limit, phase=Free(), holds=0))
        draft.record("release", limit.name, "free again")
        return
    ramp = Ramping(since=draft.now, allowed=allowed, next_at=draft.now + pace, pace_s=pace)
    draft.put_limit(replace(limit, phase=ramp))
    draft.record("ramp", limit.name, f"{plural(allowed, 'task')} at once")


def grow(draft: Draft, limit: Limit, ramping: Ramping) -> None:
    """Let one more attempt run."""
    if ramping.allowed + 1 >= _most(draft):
        widen(draft, limit, ramping.allowed + 1, ramping.pace_s)
    else:
        draft.put_limit(replace(limit, phase=replace(ramping, allowed=ramping.allowed + 1)))


def pace_s(usual_s: float) -> float:
    """Return how long a probe must live to pass, where others met the limit after ``usual_s``."""
    return min(_PACE_HIGH_S, max(_PACE_LOW_S, 2 * usual_s))


def _most(draft: Draft) -> int:
    return draft.desk.parallel or sum(group.parallel for group in draft.groups.values())
