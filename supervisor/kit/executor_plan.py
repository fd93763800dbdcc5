"""Which items to try together next: batches that halve, then one by one, then on without them.

Only decisions: nothing here calls a model. ``ResilientExecutor`` carries them out.
"""

from dataclasses import dataclass, replace
from enum import StrEnum


class Verdict(StrEnum):
    """What an error says about the batch it was met with."""

    SHRINK = "shrink"
    """Fewer at once may work; an item that fails alone counts towards giving up."""
    ITEM = "item"
    """As ``SHRINK``, but the item is to blame, not the model: it never counts towards giving up."""
    WAIT = "wait"
    """A limit: the same items again after it."""
    STOP = "stop"
    """Nothing after this can work in this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How small batches may get, and when all is given up."""

    largest: int = 32
    smallest: int = 1
    """Batches of this size that fail are tried one by one."""
    give_up: int | None = 5
    """Batches in a row of which no item worked; None: never."""
    climb_after: int | None = 2
    """Batches in a row that must work before twice as many are tried again; None: never."""
    asks_apart: bool = False
    """Items one by one go to a function of their own, so a batch of one is worth a second try."""

    def __post_init__(self) -> None:
        if not 1 <= self.smallest <= self.largest:
            raise ValueError(
                f"batch sizes from {self.smallest} to {self.largest}: 1 <= smallest <= largest"
            )
        if any(many is not None and many < 1 for many in (self.give_up, self.climb_after)):
            raise ValueError("give up and climb after 1 or more batches, or None for never")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Items ``start`` up to, not including, ``stop`` are to be tried now."""

    start: int
    stop: int
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How far it is; made by ``begin`` and changed by ``worked`` and ``failed`` only."""

    policy: Policy
    total: int
    size: int
    patience: int
    at: int = 0
    alone_to: int = 0
    """Up to here items are tried one by one."""
    group_from: int = 0
    group_worked: bool = False
    """Of those tried one by one now, at least one worked, or failed by its own fault."""
    streak: int = 0
    streak_from: int = 0
    in_a_row: int = 0
    climbed: bool = False
    """The present size is tried anew after it, or more, had failed."""
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What a failure decided: items that failed for good, and those given up with all others."""

    failed: int | None = None
    aborted_from: int | None = None
    """This item and all after it; those of the streak were marked as failed before."""


def begin(total: int, policy: Policy) -> Plan:
    """Return the plan for ``total`` items of which none has been tried."""
    return Plan(policy=policy, total=total, size=policy.largest, patience=policy.climb_after or 1)


def next_call(plan: Plan) -> Call | None:
    """Return what to try now; None when all is decided."""
    if plan.stopped or plan.at >= plan.total:
        return None
    if plan.at < plan.alone_to:
        return Call(start=plan.at, stop=plan.at + 1, alone=True)
    return Call(start=plan.at, stop=min(plan.at + plan.size, plan.total))


def worked(plan: Plan, call: Call) -> Plan:
    """Return the plan after ``call`` brought results."""
    plan = replace(plan, at=call.stop, streak=0)
    if call.alone:
        return replace(plan, group_worked=True, in_a_row=0)
    if plan.climbed:
        plan = replace(plan, climbed=False, patience=plan.policy.climb_after or 1)
    if plan.policy.climb_after is None or plan.size >= plan.policy.largest:
        return plan
    if plan.in_a_row + 1 < plan.patience:
        return replace(plan, in_a_row=plan.in_a_row + 1)
    larger = min(plan.policy.largest, plan.size * 2)
    return replace(plan, size=larger, in_a_row=0, climbed=True)


def failed(plan: Plan, call: Call, verdict: Verdict) -> tuple[Plan, Marks]:
    """Return the plan after ``call`` failed, and which items that decides."""
    if verdict is Verdict.WAIT:
        return plan, Marks()
    if verdict is Verdict.STOP:
        return replace(plan, stopped=True), Marks(aborted_from=call.start)
    if call.alone:
        return _failed_alone(plan, call, verdict)
    plan = replace(plan, in_a_row=0)
    many = call.stop - call.start
    if many > plan.policy.smallest:
        return _smaller(plan, max(plan.policy.smallest, many // 2)), Marks()
    alone = replace(plan, alone_to=call.stop, group_from=call.start, group_worked=False)
    if many > 1 or plan.policy.asks_apart:
        return alone, Marks()
    return _failed_alone(alone, call, verdict)


def _smaller(plan: Plan, size: int) -> Plan:
    # Each climb in vain makes the next one rarer: a size that never fits is tried ever less.
    patience = plan.patience * 2 if plan.climbed else plan.patience
    return replace(plan, size=size, patience=patience, climbed=False)


def _failed_alone(plan: Plan, call: Call, verdict: Verdict) -> tuple[Plan, Marks]:
    plan = replace(plan, at=call.stop, group_worked=plan.group_worked or verdict is Verdict.ITEM)
    if plan.at < plan.alone_to:
        return plan, Marks(failed=call.start)
    if plan.group_worked:
        return replace(plan, streak=0), Marks(failed=call.start)
    plan = replace(
        plan,
        streak=plan.streak + 1,
        streak_from=plan.streak_from if plan.streak else plan.group_from,
    )
    if plan.policy.give_up is None or plan.streak < plan.policy.give_up:
        return plan, Marks(failed=call.start)
    return replace(plan, stopped=True), Marks(failed=call.start, aborted_from=plan.streak_from)
