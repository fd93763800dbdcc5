"""The keys of ``degrade``: the ladder of a knob that makes a task smaller."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from supervisor.config.kinds import Count, Filled, Share, Text, Variable, one_of
from supervisor.config.policies import Keys, given
from supervisor.config.source import Plain
from supervisor.core.command import RESERVED, variable
from supervisor.core.ladder import CLASSES
from supervisor.core.models import DegradePolicy, ErrorClass, TaskSpec
from supervisor.core.rungs import MOST_RUNGS, rungs_of


class LastKeys(Keys):
    """What is tried below the smallest value."""

    env: dict[Filled, Text] = Field(
        description="Laid over the environment, such as a switch to CPU."
    )


def _kind_of_end(value: Plain) -> str:
    return "(source)" if isinstance(value, dict) else "(list)"


def _listed(value: Plain) -> Plain:
    return [value] if isinstance(value, str) else value


Then = Annotated[
    Annotated[Literal["fail"], one_of("fail"), Tag("(list)")]
    | Annotated[LastKeys, Tag("(source)")],
    Discriminator(_kind_of_end),
]
After = Annotated[tuple[Annotated[ErrorClass, one_of(*CLASSES)], ...], BeforeValidator(_listed)]


class DegradeKeys(Keys):
    """A knob that is turned down, rung by rung, when a task is too big for its GPU."""

    after: After | None = Field(
        default=None, description="Classes that take the next rung: cuda_oom, cuda_error, host_oom."
    )
    knob: Variable | None = Field(
        default=None, description="Its name: {name} in run, OVERNIGHT_<NAME> in the environment."
    )
    start: Count | None = Field(default=None, description="What tasks begin with.")
    factor: Share | None = Field(
        default=None, description="Each rung is so much of the one before."
    )
    min: Count | None = Field(default=None, description="The smallest value.")
    then: Then | None = Field(
        default=None, description="Below it: fail, or {env: {…}} for one last rung."
    )

    def policy(self) -> DegradePolicy:
        """Return what holds with these keys, in which ``faults`` has found nothing."""
        base = DegradePolicy(knob=self.knob or "", start=self.start or 1)
        return replace(
            base,
            **given(
                after=None if self.after is None else tuple(map(ErrorClass, self.after)),
                factor=self.factor,
                least=self.min,
                env=self.then.env if isinstance(self.then, LastKeys) else None,
            ),
        )

    def faults(self, tasks: Iterable[TaskSpec]) -> Iterator[tuple[str, str]]:
        """Yield each key that is wrong for a group of these ``tasks``, and why; a pair of texts."""
        if self.knob is None:
            yield "knob", "is missing: the name of what is turned down, such as batch_size"
        elif fault := clash(self.knob, tasks):
            yield "knob", fault
        if self.start is None:
            yield "start", "is missing: what tasks begin with, such as 32"
        elif self.start < (self.min or 1):
            yield "min", f"is above start, {self.start}"
        elif len(rungs_of(self.policy())) > MOST_RUNGS:
            yield "factor", f"makes more than {MOST_RUNGS} rungs; a smaller one makes fewer"


def clash(knob: str, tasks: Iterable[TaskSpec]) -> str:
    """Return why a knob of these ``tasks`` may not have that name; empty: it may."""
    if variable(knob) in map(variable, RESERVED):
        return f"{knob!r} means the attempt itself; give it another name"
    names = {name for task in tasks for name in task.params}
    same = next((name for name in names if variable(name) == variable(knob)), None)
    return "" if same is None else f"{knob!r} and the value {same!r} would be one variable"
