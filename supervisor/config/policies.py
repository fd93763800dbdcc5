"""The keys of a group's policies, and the core facts they make.

A key that was not given is None; what holds then is the default in the core's own facts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from supervisor.config.kinds import (
    Count,
    Duration,
    ExitCodes,
    Factor,
    Indexes,
    MaybeDuration,
    ShareOfLast,
    Signals,
    Size,
    Span,
    Texts,
    one_of,
)
from supervisor.config.problems import nearest
from supervisor.config.source import Plain
from supervisor.core.models import (
    BreakerPolicy,
    ErrorClass,
    GiveUpPolicy,
    GpuNeed,
    RetryPolicy,
    StallPolicy,
    TaskSpec,
    TimeoutPolicy,
)

Value = TypeVar("Value")


class Keys(BaseModel):
    """A mapping of the batch file; keys that it does not have are faults."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def given(**values: object) -> dict[str, Any]:
    """Return the values that are not None."""
    return {name: value for name, value in values.items() if value is not None}


class RetryKeys(Keys):
    """How often, and how patiently, a failed task is tried again."""

    attempts: Count | None = Field(
        default=None, description="Runs that a task gets before it has failed."
    )
    base: Duration | None = Field(default=None, description="The wait after the first failure.")
    factor: Factor | None = Field(
        default=None, description="Each wait is so many times the one before."
    )
    cap: Duration | None = Field(default=None, description="No wait is longer.")
    jitter: Span | None = Field(default=None, description="Added to each wait, such as 2s..7s.")

    def policy(self) -> RetryPolicy:
        """Return what holds with these keys."""
        low, high = self.jitter if self.jitter else (None, None)
        return replace(
            RetryPolicy(),
            **given(
                attempts=self.attempts,
                base_s=self.base,
                factor=self.factor,
                cap_s=self.cap,
                jitter_low_s=low,
                jitter_high_s=high,
            ),
        )


class TimeoutKeys(Keys):
    """How long one attempt may run. One duration is short for ``first``."""

    first: MaybeDuration = Field(default=None, description="For the first attempt; null: no limit.")
    growth: Factor | None = Field(
        default=None, description="Each retry after a time-out gets more."
    )

    def policy(self) -> TimeoutPolicy:
        """Return what holds with these keys."""
        return replace(TimeoutPolicy(), **given(first_s=self.first, growth=self.growth))


class BreakerKeys(Keys):
    """When a group stops launching because its tasks fail one after another."""

    consecutive: Count | None = Field(default=None, description="So many failed tasks in a row.")
    then: Annotated[Literal["abort", "pause", "off"], one_of("abort", "pause", "off")] | None = (
        Field(default=None, description="Give up the rest, pause and probe, or do nothing.")
    )
    per: Texts | None = Field(
        default=None,
        description="Matrix keys: each combination of their values has a breaker of its own.",
    )
    share: ShareOfLast | None = Field(
        default=None,
        description="Such as 50% of the last 20; a row counts then only if consecutive is given.",
    )

    def policy(self) -> BreakerPolicy:
        """Return what holds with these keys."""
        share, window = self.share or (None, None)
        in_row = 0 if self.share and self.consecutive is None else self.consecutive
        return replace(
            BreakerPolicy(),
            **given(consecutive=in_row, then=self.then, share=share, window=window, per=self.per),
        )

    def faults(self, tasks: Iterable[TaskSpec]) -> list[str]:
        """Return what is wrong for the ``tasks`` of the group: breakers per a key they lack."""
        for task in tasks if self.per else ():
            lacking = [key for key in self.per or () if key not in task.params]
            if lacking:
                near = nearest(lacking[0], task.params)
                return [f"{lacking[0]!r} is no key under `for` of {task.id}{near}"]
        return []


class StallKeys(Keys):
    """When silence is worth a mark."""

    quiet: Duration | None = Field(
        default=None, description="After so long without a sign of life."
    )
    action: Annotated[Literal["mark", "restart"], one_of("mark", "restart")] | None = Field(
        default=None, description="Mark it only, or stop it and try again: that costs an attempt."
    )

    signals: Signals | None = Field(
        default=None,
        description="Signs of life that must all be missing: two or more of log (says something"
        " new), progress (a counter moves), cpu, children (processes come or go).",
    )

    def policy(self) -> StallPolicy:
        """Return what holds with these keys."""
        values = given(quiet_s=self.quiet, action=self.action, signals=self.signals)
        return replace(StallPolicy(), **values)


class GiveUpKeys(Keys):
    """The end of patience with waits that nobody stated."""

    holds: Count | None = Field(
        default=None, description="So many holds in a row that did not help."
    )
    waited: Duration | None = Field(default=None, description="So long in all.")
    launches: Count | None = Field(
        default=None, description="So many launches of a task in all, whatever they cost."
    )

    def policy(self) -> GiveUpPolicy:
        """Return what holds with these keys."""
        return replace(
            GiveUpPolicy(),
            **given(holds=self.holds, waited_s=self.waited, launches=self.launches),
        )


class GpuKeys(Keys):
    """The GPUs that a task needs, each used by nobody else."""

    count: Count | None = Field(default=None, description="So many.")
    free: Size | None = Field(default=None, description="At least so much free memory on each.")
    of: Indexes | None = Field(
        default=None, description="Only of these, as nvidia-smi counts them."
    )

    def need(self) -> GpuNeed:
        """Return what is needed with these keys."""
        return replace(GpuNeed(), **given(count=self.count, free_bytes=self.free, of=self.of))


class SuccessKeys(Keys):
    """How an attempt shows that it succeeded."""

    exit: ExitCodes | None = Field(default=None, description="One of these exit codes.")
    files: Texts | None = Field(
        default=None,
        description="Globs with {names}: each must match a file written by the attempt.",
    )
    markers: Texts | None = Field(
        default=None, description="Texts that must stand in its stdout or stderr."
    )


class ErrorKeys(Keys):
    """What one error class does instead of its default."""

    action: (
        Annotated[Literal["retry", "wait", "hold", "fail"], one_of("retry", "wait", "hold", "fail")]
        | None
    ) = Field(
        default=None,
        description="Back off within the attempts, back off at no cost, hold the limit, or give up.",
    )
    attempts: Count | None = Field(default=None, description="Runs that this class allows.")
    base: Duration | None = Field(default=None, description="The wait after the first failure.")
    factor: Factor | None = Field(
        default=None, description="Each wait is so many times the one before."
    )
    cap: Duration | None = Field(default=None, description="No wait is longer.")

    def waits(self, group: RetryPolicy) -> RetryPolicy | None:
        """Return how the class is waited out, on top of how the ``group`` does; None: as the group."""
        own = given(base_s=self.base, factor=self.factor, cap_s=self.cap)
        if own and self.cap is None and own.get("base_s", 0.0) > group.cap_s:
            own["cap_s"] = own["base_s"]
        return replace(group, **own) if own else None


def by_class(errors: Mapping[ErrorClass, ErrorKeys], retry: RetryPolicy) -> dict[str, Any]:
    """Return what a group's spec keeps of its ``errors``, whose waits build on ``retry``."""
    waits = {kind: keys.waits(retry) for kind, keys in errors.items()}
    return {
        "attempts_by_class": _said({kind: keys.attempts for kind, keys in errors.items()}),
        "retry_by_class": _said(waits),
        "action_by_class": _said({kind: keys.action for kind, keys in errors.items()}),
    }


def _said(values: Mapping[ErrorClass, Value | None]) -> Mapping[ErrorClass, Value]:
    return MappingProxyType(
        {ErrorClass(kind): value for kind, value in values.items() if value is not None}
    )


def _first(value: Plain) -> Plain:
    return {"first": value} if isinstance(value, str) else value


Timeout = Annotated[TimeoutKeys, BeforeValidator(_first)]
