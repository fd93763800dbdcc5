"""Where a task comes to rest after a bad end, and what is written down about it."""

from dataclasses import dataclass, replace

from supervisor.core.batch import Task
from supervisor.core.draft import Draft
from supervisor.core.facets import FINAL
from supervisor.core.models import AttemptRecord, End, ErrorClass, GroupSpec, TaskSpec
from supervisor.core.parts import given_up
from supervisor.core.phase import Aborted, BackingOff, Cancelled, Failed, Live, Phase
from supervisor.core.policy import most_launches, treatment
from supervisor.core.resuming import names_of
from supervisor.core.shared import shared_text
from supervisor.core.wording import span


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """An attempt that ended badly, with all that is needed to judge it."""

    task: Task
    spec: TaskSpec
    group: GroupSpec
    live: Live
    end: End
    error_class: ErrorClass
    cause: str
    retry_at: float | None
    inferred: bool = False
    rule: str | None = None
    weighed: str = ""
    """Why that cause: the points of its line."""

    @property
    def lived_s(self) -> float:
        """How long the attempt ran."""
        return max(0.0, self.end.ended_at - self.live.since)


def in_front(over: Over) -> Over:
    """Return ``over`` with its task at the front of its queue."""
    return replace(over, task=replace(over.task, priority=min(over.task.priority, -1)))


def back_off(
    draft: Draft, over: Over, restart_at: float, why: str, *, counted: bool, stated: bool = False
) -> None:
    """Let the task wait until ``restart_at``."""
    phase = BackingOff(
        attempt=over.live.attempt,
        restart_at=restart_at,
        error_class=over.error_class,
        cause=over.cause,
        stated=stated,
    )
    come_to_rest(draft, over, phase, "retry", why, counted=counted)


def fail(draft: Draft, over: Over, why: str) -> None:
    """End the task: out of attempts or patience, or hopeless."""
    counted = treatment(over.group, over.error_class).costs
    come_to_rest(draft, over, _failed(over), "failed", why, counted=counted)


def out_of_patience(draft: Draft, over: Over) -> bool:
    """Fail the task if it has waited often or long enough; tell whether it did."""
    patience, task = over.group.give_up, over.task
    holds = min(patience.holds, over.group.attempts_by_class.get(over.error_class, patience.holds))
    if task.waits > holds:
        fail(draft, over, f"gave up after {holds} waits")
    elif task.waited_s > patience.waited_s:
        fail(draft, over, f"gave up after waiting {span(patience.waited_s)}")
    else:
        return False
    return True


def come_to_rest(
    draft: Draft, over: Over, phase: Phase, kind: str, why: str, *, counted: bool = False
) -> None:
    """Put the task into ``phase`` and write down the attempt and the decision."""
    if over.error_class is not ErrorClass.OPERATOR:
        over = replace(over, task=replace(over.task, launches=over.task.launches + 1))
    gone = draft.desk.aborted or given_up(draft.groups[over.spec.group], over.group, over.spec)
    if over.task.removed and not isinstance(phase, FINAL):
        why = "not run again: no longer in the batch file"
        kind, phase = (
            "cancelled",
            Cancelled(attempt=over.live.attempt, ended_at=draft.now, cause=why),
        )
    elif gone is not None and not isinstance(phase, FINAL):
        why = f"not run again: {gone}"
        kind, phase = "aborted", Aborted(attempt=over.live.attempt, ended_at=draft.now, cause=gone)
    elif not isinstance(phase, FINAL) and over.task.launches >= (most := most_launches(over.group)):
        why = f"gave up after {most} launches, whatever they cost"
        kind, phase = "failed", _failed(over)
    record = history_of(
        over.live,
        over.end,
        over.error_class,
        over.cause,
        counted=counted,
        decision=why,
        rule=over.rule,
        weighed=over.weighed,
    )
    losses = over.task.losses if over.error_class is ErrorClass.LOST else 0
    draft.put(replace(over.task, phase=phase, losses=losses, history=(*over.task.history, record)))
    cause = f": {over.cause}" if over.cause else ""
    draft.record(kind, over.task.id, f"{over.error_class}{cause} - {why}")


def _failed(over: Over) -> Failed:
    return Failed(
        attempt=over.live.attempt,
        ended_at=over.end.ended_at,
        error_class=over.error_class,
        cause=over.cause,
    )


def history_of(
    live: Live,
    end: End,
    error_class: ErrorClass | None,
    cause: str,
    *,
    counted: bool,
    decision: str,
    rule: str | None = None,
    weighed: str = "",
) -> AttemptRecord:
    """Return the record of one attempt."""
    return AttemptRecord(
        attempt=live.attempt,
        started_at=live.since,
        ended_at=end.ended_at,
        code=end.code,
        error_class=error_class,
        # Hundreds of tasks end with the same words: one copy of each is kept.
        cause=shared_text(cause),
        counted=counted,
        decision=shared_text(decision),
        names=names_of(end.results),
        rule=rule,
        weighed=shared_text(weighed),
        progress=end.progress,
        told=end.told,
        spent=end.spent,
    )
