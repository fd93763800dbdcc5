"""The keys of ``inner``: parallelism inside one runner."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from supervisor.config.kinds import Count, Duration, Filled, Variable, one_of
from supervisor.config.ladders import clash
from supervisor.config.policies import Keys, given
from supervisor.config.source import Plain
from supervisor.core.advised import PARALLEL
from supervisor.core.command import variable
from supervisor.core.models import InnerPolicy, TaskSpec


class TellKeys(Keys):
    """A command that tells a running runner its new number, ``{n}``."""

    run: Filled = Field(description="With {n} for the number, and the task's own {names}.")
    timeout: Duration | None = Field(default=None, description="Ended after so long; default 60s.")


def _kind_of_way(value: Plain) -> str:
    return "(source)" if isinstance(value, dict) else "(list)"


Apply = Annotated[
    Annotated[Literal["restart", "file"], one_of("restart", "file"), Tag("(list)")]
    | Annotated[TellKeys, Tag("(source)")],
    Discriminator(_kind_of_way),
]


class InnerKeys(Keys):
    """How much one runner does at once: a knob of its command that can be turned while it runs."""

    knob: Variable | None = Field(
        default=None, description="Its name: {name} in run, OVERNIGHT_<NAME> in the environment."
    )
    start: Count | None = Field(default=None, description="What runners begin with.")
    min: Count | None = Field(default=None, description="Limits lower it no further; default 1.")
    apply: Apply | None = Field(
        default=None,
        description="How a running one takes it up: restart (asks), {run: COMMAND with {n}}, or file:"
        " its path is in OVERNIGHT_<NAME>_FILE. Default: restart.",
    )

    def policy(self) -> InnerPolicy:
        """Return what holds with these keys, in which ``faults`` has found nothing."""
        base = InnerPolicy(knob=self.knob or "", start=self.start or 1)
        base = replace(base, **given(least=self.min))
        match self.apply:
            case TellKeys(run=run, timeout=timeout):
                return replace(base, apply="run", run=run, **given(timeout_s=timeout))
            case None:
                return base
            case way:
                return replace(base, apply=way)

    def faults(self, tasks: Iterable[TaskSpec], ladder: str | None) -> Iterator[tuple[str, str]]:
        """Yield each key that is wrong for a group of these ``tasks``, and why.

        ``ladder`` is the knob of the group's ``degrade``.
        """
        tasks = list(tasks)
        yield from self._faults_of_knob(tasks, ladder)
        if self.start is None:
            yield "start", "is missing: what runners begin with, such as 20"
        elif self.start < (self.min or 1):
            yield "min", f"is above start, {self.start}"
        if self.apply == "file" and any(task.container for task in tasks):
            yield "apply", "is file, which lies outside of the task's container; restart works"
        if isinstance(self.apply, TellKeys):
            if "{n}" not in self.apply.run:
                yield "apply.run", "has no {n}: where the new number goes"
            elif any("n" in task.params for task in tasks):
                yield "apply.run", "takes {n} for the new number; call the value n otherwise"

    def _faults_of_knob(
        self, tasks: list[TaskSpec], ladder: str | None
    ) -> Iterator[tuple[str, str]]:
        if self.knob is None:
            yield "knob", "is missing: the name of what is turned, such as capsules"
        elif self.knob == PARALLEL:
            yield "knob", f"{PARALLEL!r} means how many tasks run; give it another name"
        elif fault := clash(self.knob, tasks):
            yield "knob", fault
        elif ladder is not None and variable(ladder) == variable(self.knob):
            yield "knob", f"{self.knob!r} is the knob of degrade; one cannot be both"
