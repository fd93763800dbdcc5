"""Renewing a limit's credential: when it is asked for, and what its outcome means."""

from dataclasses import replace

from supervisor.core import gates, holds, limits
from supervisor.core.backoff import grown
from supervisor.core.batch import Checking, Holding, Limit
from supervisor.core.draft import Draft
from supervisor.core.effects import RunRefresh
from supervisor.core.events import RefreshEnded
from supervisor.core.models import ErrorClass, LimitId
from supervisor.core.wording import span

_PASSES = {ErrorClass.NETWORK, ErrorClass.SERVER_ERROR, ErrorClass.RATE_LIMIT}
"""Causes of a failed refresh that go away by themselves."""
_TRIES = 6
_FROM_S = 30.0
_CAP_S = 300.0


def refresh(draft: Draft, name: LimitId) -> None:
    """Order the refresh command to be run."""
    limit = draft.limits[name]
    if isinstance(limit.phase, Holding):
        hold = replace(limit.phase, refreshing=True, refresh_next=False)
        draft.put_limit(replace(limit, phase=hold))
    draft.effects.append(RunRefresh(limit=name))


def refresh_ended(draft: Draft, event: RefreshEnded) -> None:
    """Take in the end of a refresh command."""
    limit = draft.limits[event.limit]
    if event.cause:
        _failed(draft, limit, event)
    else:
        _worked(draft, limit)


def _worked(draft: Draft, limit: Limit) -> None:
    command = draft.limit_specs[limit.name].refresh
    every_s = None if command is None else command.every_s
    limit = replace(
        limit,
        refreshed_at=draft.now,
        stale=False,
        refresh_trouble="",
        next_refresh_at=draft.now + every_s if every_s else 0.0,
    )
    draft.put_limit(limit)
    draft.record("refresh", limit.name, "the credential was refreshed")
    match limit.phase:
        case Checking(step="refresh") as checking:
            gates.refreshed(draft, limit, checking)
        case Holding(until=(float() | int()) as until) as hold if until > draft.now:
            draft.put_limit(replace(limit, phase=replace(hold, refreshing=False)))
        case Holding() as hold:
            limits.release(draft, limit, hold, "refreshed")
        case _:
            pass


def _failed(draft: Draft, limit: Limit, event: RefreshEnded) -> None:
    told = f"refresh failed: {event.cause}"
    command = draft.limit_specs[limit.name].refresh
    # Attempts must not be given what is known to be no good.
    limit = replace(limit, stale=limit.stale or (command is not None and bool(command.env)))
    match limit.phase:
        case Holding(until=None) as hold:
            hold = _after_failure(draft, hold, event.error_class, told)
            draft.put_limit(replace(limit, phase=hold))
            again = f"; again in {span(hold.until - draft.now)}" if hold.until else ""
            draft.record("refresh", limit.name, told + again)
        case Holding() as hold:
            # A hold with an end of its own still ends; then the probe shows whether it matters.
            hold = replace(hold, refreshing=False, reason=f"{hold.reason}; {told}")
            draft.put_limit(replace(limit, phase=hold))
            draft.record("refresh", limit.name, told)
        case Checking(step="refresh") as checking:
            begun = Holding(since=draft.now, until=None, reason=told)
            hold = _after_failure(draft, begun, event.error_class, told)
            holds.hold(draft, limit, hold, goes_on=checking.after_hold)
        case _:
            draft.put_limit(replace(limit, stale=False, refresh_trouble=event.cause))
            draft.record("refresh", limit.name, told)


def _after_failure(
    draft: Draft, hold: Holding, error_class: ErrorClass | None, told: str
) -> Holding:
    """Return the hold that tries again soon, or that waits for the operator."""
    tries = hold.tries + 1
    before = hold.reason.partition("; refresh failed: ")[0]
    reason = told if before.startswith("refresh failed: ") else f"{before}; {told}"
    hold = replace(hold, refreshing=False, reason=reason, tries=tries)
    if error_class in _PASSES and tries < _TRIES:
        wait_s = grown(_FROM_S, 2.0, hold.tries - 1, _CAP_S)
        return replace(hold, until=draft.now + wait_s, refresh_next=True)
    return replace(hold, needs_operator=True)
