"""What an attempt that met a limit does to it: hold, extend a hold, or nothing new."""

from dataclasses import dataclass, replace

from supervisor.core import outages
from supervisor.core.accused import accused
from supervisor.core.backoff import delay_s, grown, jitter_s, slack_s
from supervisor.core.batch import Checking, Free, Holding, Limit
from supervisor.core.draft import Draft
from supervisor.core.effects import RunRefresh
from supervisor.core.models import ErrorClass, LimitId, TaskId, TaskSpec
from supervisor.core.policy import (
    HOLD_FROM_S,
    OUTAGE_BASE_S,
    OUTAGE_CAP_S,
    PROVEN_S,
    WINDOW_BASE_S,
    WINDOW_CAP_S,
)
from supervisor.core.wish import DOCKER
from supervisor.core.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """An attempt came to its end on a limit."""

    spec: TaskSpec
    attempt: int
    started_at: float
    ended_at: float
    error_class: ErrorClass
    cause: str
    retry_at: float | None
    rule: str | None = None
    """What found the line."""
    live: bool = False
    """The attempt still runs: it only wrote so."""


def met(draft: Draft, hit: Met) -> None:
    """Take in that an attempt met its limits: they hold, unless it is an incident that is over."""
    if hit.error_class is ErrorClass.DOCKER and DOCKER in hit.spec.limits:
        names: tuple[LimitId, ...] = (DOCKER,)
    else:
        names = accused([draft.limit_specs[name] for name in hit.spec.limits], hit.cause, hit.rule)
    known = [name for name in names if isinstance(draft.limits[name].phase, Holding)]
    _meet(draft, names, hit)
    for name in names:
        if not hit.live:
            _lose(draft, draft.limits[name], hit.ended_at - hit.started_at)
        phase = draft.limits[name].phase
        if isinstance(phase, Holding) and (name not in known or not hit.live):
            _set_by(draft, draft.limits[name], phase, hit.spec.id if hit.live else None)


def _meet(draft: Draft, names: tuple[LimitId, ...], hit: Met) -> None:
    if hit.error_class is ErrorClass.AUTH:
        # A credential that can be refreshed is the one that expired, not the GPU beside it.
        able = [name for name in names if draft.limit_specs[name].refresh is not None]
        for name in able or names:
            _auth(draft, draft.limits[name], hit)
    else:
        for name in names:
            _exhausted(draft, draft.limits[name], hit)


def _set_by(draft: Draft, limit: Limit, known: Holding, by: TaskId | None) -> None:
    """Note whether only a running attempt says so; that one has ended on it takes that back."""
    if known.by != by:
        draft.put_limit(replace(limit, phase=replace(known, by=by)))


def _lose(draft: Draft, limit: Limit, lost_s: float) -> None:
    """Note the time of an attempt that came to nothing because of the limit."""
    draft.put_limit(replace(limit, lost_s=limit.lost_s + max(0.0, lost_s)))


def _auth(draft: Draft, limit: Limit, hit: Met) -> None:
    if hit.started_at < limit.refreshed_at:
        return
    free = False
    match limit.phase:
        case Holding() | Checking(step="refresh"):
            return
        case Free() | Checking(after_hold=False):
            free = True
        case _:
            pass
    again = limit.refreshed_at > 0 and (not free or draft.now - limit.refreshed_at < PROVEN_S)
    if again:
        reason = f"{hit.cause} (again, after the credential was refreshed)"
        hold(draft, limit, Holding(since=draft.now, until=None, reason=reason, needs_operator=True))
    elif draft.limit_specs[limit.name].refresh is not None:
        hold(
            draft,
            limit,
            Holding(since=draft.now, until=None, reason=hit.cause, refreshing=True),
        )
        draft.effects.append(RunRefresh(limit=limit.name))
    else:
        # Without a command the new start is the refresh: what begins later starts afresh.
        retry = draft.group_specs[hit.spec.group].retry
        until = draft.now + delay_s(retry, 1)
        until += jitter_s(retry, draft.desk.uuid, hit.spec.id, hit.attempt)
        held = hold(draft, limit, Holding(since=draft.now, until=until, reason=hit.cause))
        draft.put_limit(replace(held, refreshed_at=until))


def _exhausted(draft: Draft, limit: Limit, hit: Met) -> None:
    until = stated_until(hit.retry_at, hit.ended_at)
    match limit.phase:
        case Holding(needs_operator=True):
            return
        case Holding() as known:
            if hit.error_class is ErrorClass.QUOTA:
                hold(draft, limit, _quota(draft, hit))
            elif until is not None and (known.until is None or known.until < until):
                longer = replace(known, until=until, stated=True, reason=hit.cause)
                draft.put_limit(replace(limit, phase=longer))
                draft.record("hold", limit.name, f"longer, {_for(until - draft.now)}: {hit.cause}")
            return
        case _:
            pass
    late = hit.started_at < limit.released_at
    if hit.error_class is ErrorClass.QUOTA:
        if not late:
            hold(draft, limit, _quota(draft, hit))
    elif not late:
        hold(draft, limit, _wait(draft, limit, until, hit))
    elif until is not None and until > draft.now:
        later = Holding(since=draft.now, until=until, reason=hit.cause, stated=True)
        hold(draft, replace(limit, holds=limit.holds - 1), later)


def _quota(draft: Draft, hit: Met) -> Holding:
    return Holding(since=draft.now, until=None, reason=hit.cause, needs_operator=True)


def _wait(draft: Draft, limit: Limit, until: float | None, hit: Met) -> Holding:
    if hit.error_class is ErrorClass.DOCKER:
        return replace(until_servers_answer(draft, limit, until, hit.cause), outage=False)
    if hit.error_class not in outages.CLASSES:
        return waiting(draft, limit, hit.error_class, until, hit.cause)
    # Nobody says when servers come back: the limit backs off as its tasks would, but once for all.
    wait_s = delay_s(draft.group_specs[hit.spec.group].retry, limit.holds + 1)
    return replace(_waiting(draft, limit, until, wait_s, hit.cause), outage=True)


def waiting(
    draft: Draft, limit: Limit, error_class: ErrorClass | None, until: float | None, reason: str
) -> Holding:
    """Return the hold for a stated time, or a doubling one where that did not help or none is."""
    base_s = WINDOW_BASE_S if error_class is ErrorClass.USAGE_WINDOW else HOLD_FROM_S
    wait_s = grown(base_s, 2.0, limit.holds, WINDOW_CAP_S)
    return _waiting(draft, limit, until, wait_s, reason)


def until_servers_answer(
    draft: Draft, limit: Limit, retry_at: float | None, reason: str
) -> Holding:
    """Return the hold of an outage that is asked after by preflights."""
    wait_s = grown(OUTAGE_BASE_S, 2.0, limit.holds, OUTAGE_CAP_S)
    until = stated_until(retry_at, draft.now)
    return replace(_waiting(draft, limit, until, wait_s, reason), outage=True)


def _waiting(
    draft: Draft, limit: Limit, until: float | None, wait_s: float, reason: str
) -> Holding:
    least = draft.now + wait_s
    stated = until is not None and (limit.holds == 0 or until >= least)
    return Holding(since=draft.now, until=until if stated else least, reason=reason, stated=stated)


def stated_until(retry_at: float | None, said_at: float) -> float | None:
    """Return when to try again after what was stated at ``said_at``, slack included."""
    if retry_at is None:
        return None
    retry_at = max(retry_at, said_at)
    return retry_at + slack_s(retry_at - said_at)


def hold(draft: Draft, limit: Limit, phase: Holding, *, goes_on: bool = False) -> Limit:
    """Put the limit on hold; ``goes_on``: it is the same pause as before."""
    pauses = limit.pause_count + (not goes_on)
    held = replace(limit, phase=phase, holds=limit.holds + 1, pause_count=pauses)
    draft.put_limit(held)
    if phase.needs_operator:
        how = "until you release it"
    elif phase.refreshing:
        how = "until its credential is refreshed"
    elif phase.until is None:
        how = "until the container engine answers"
    else:
        how = _for((phase.until or draft.now) - draft.now)
    draft.record("hold", limit.name, f"{how}: {phase.reason}")
    return held


def _for(wait_s: float) -> str:
    return f"for {span(wait_s)}"
