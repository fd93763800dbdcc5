"""The rungs of a ladder: what a knob of a runner is set to when the GPU has too little memory."""

from collections.abc import Mapping
from dataclasses import dataclass

from supervisor.core.names import ErrorClass

MOST_RUNGS = 50
"""A ladder is the only bound of its steps: one with more rungs would be a retry without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DegradePolicy:
    """How a group's tasks grow smaller: from ``start`` by ``factor`` down to ``least``."""

    knob: str
    start: int
    after: tuple[ErrorClass, ...] = (ErrorClass.CUDA_OOM, ErrorClass.CUDA_ERROR)
    """Ends of these classes take the next rung."""
    factor: float = 0.5
    least: int = 1
    env: Mapping[str, str] | None = None
    """What the last rung, below ``least``, lays over the environment; None: there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One setting of a knob."""

    knob: str
    value: int
    last: bool = False
    """With the environment of the last rung."""


def top(policy: DegradePolicy) -> Rung:
    """Return where the ladder begins."""
    return Rung(knob=policy.knob, value=policy.start)


def below(policy: DegradePolicy, rung: Rung) -> Rung | None:
    """Return the next rung down; None: ``rung`` is the lowest."""
    if rung.last:
        return None
    if rung.value <= policy.least:
        return None if policy.env is None else Rung(knob=rung.knob, value=rung.value, last=True)
    value = max(policy.least, int(rung.value * policy.factor))
    return Rung(knob=rung.knob, value=value)


def lowest(policy: DegradePolicy, *rungs: Rung | None) -> Rung:
    """Return the lowest of ``rungs`` and the top; those of another knob do not count."""
    known = [one for one in rungs if one is not None and one.knob == policy.knob]
    return min((top(policy), *known), key=depth)


def depth(rung: Rung) -> tuple[bool, int]:
    """Return what rungs of one knob are compared by: the lower the rung, the smaller."""
    return (not rung.last, rung.value)


def rungs_of(policy: DegradePolicy) -> tuple[Rung, ...]:
    """Return every rung from the top, of a ladder with far too many only some more than allowed."""
    found = [top(policy)]
    while len(found) <= MOST_RUNGS and (rung := below(policy, found[-1])) is not None:
        found.append(rung)
    return tuple(found)


def written(policy: DegradePolicy, rung: Rung) -> str:
    """Return the rung in words: ``batch_size 16``; of an environment only the names."""
    names = ", ".join(policy.env or ()) if rung.last else ""
    return f"{rung.knob} {rung.value}" + (f" with {names} set" if names else "")
