"""Whose a container is, and what proves it. Without proof it is shown, and touched by name only.

What a colleague's runner makes looks just like ours: the same names, the same images, the same hours.
So neither a pattern nor the time proves anything alone: that it was made inside of an attempt's life
counts only where nothing else on this machine was seen to make such containers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from supervisor.core.container_rules import ContainerRules, matches
from supervisor.core.containers import (
    ATTEMPT_LABEL,
    BATCH_LABEL,
    GROUP_LABEL,
    TASK_LABEL,
    Container,
)
from supervisor.core.names import TaskId

BY_TIME = "made while only this attempt lived that makes such"
"""The weakest proof: enough for who asks for an end, not for an end that nobody asked for."""
_SLACK_S = 1.0
"""The engine may tell whole seconds only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """An attempt that may have made containers."""

    group: str
    task: TaskId
    attempt: int
    rules: ContainerRules
    started_at: float
    ended_at: float | None = None
    names: frozenset[str] = frozenset()
    """Words of its command and parameters by which an id file may name its work."""

    def holds(self, moment: float) -> bool:
        """Whether ``moment`` lies within it."""
        end = self.ended_at
        return self.started_at - _SLACK_S <= moment and (end is None or moment <= end + _SLACK_S)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Who was seen to make a container, or to be at work on it: an attempt, or somebody else."""

    task: TaskId | None
    """None: nobody of ours."""
    attempt: int = 0
    how: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All that tells whose containers are."""

    uuid: str
    """Of the batch."""
    patterns: Sequence[tuple[str, ContainerRules]] = ()
    """What each group shows, whether any of it ever ran or not."""
    lives: Sequence[Life] = ()
    makers: Mapping[str, Maker] = field(default_factory=lambda: MappingProxyType({}))
    """By container id: what was seen, now or by an earlier engine."""
    projects: Mapping[str, Maker] = field(default_factory=lambda: MappingProxyType({}))
    """By Compose project: whose ``docker compose`` was seen to run it."""
    claimed: frozenset[str] = frozenset()
    """Ids that another batch has proof for."""
    items: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """By container id: what its id file names."""
    strangers: bool = False
    """Somebody else makes containers like these here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a container is."""

    owned: bool = False
    """It is proved to be of this batch."""
    group: str | None = None
    task: TaskId | None = None
    attempt: int | None = None
    proof: str = ""
    """What proves it; for one that is not owned: why nothing does."""


NOBODY = Owner(proof="matches no pattern of this batch")


def owner(container: Container, evidence: Evidence) -> Owner:
    """Return whose ``container`` is; the strongest proof counts."""
    label = container.labels.get(BATCH_LABEL)
    if label is not None:
        return _by_label(container, evidence, label)
    if container.id in evidence.claimed:
        return Owner(proof="another batch has proof that it is its own")
    maker = evidence.makers.get(container.id)
    if maker is None and container.project is not None:
        maker = evidence.projects.get(container.project)
    if maker is not None and maker.task is not None:
        life = _life_of(evidence, maker)
        group = life.group if life is not None else maker.task.partition("/")[0]
        return Owner(
            owned=True, group=group, task=maker.task, attempt=maker.attempt, proof=maker.how
        )
    fitting = [one for one in evidence.lives if matches(one.rules, container)]
    if not fitting:
        return _shown(container, evidence)
    if maker is not None:
        return Owner(group=fitting[0].group, proof=maker.how or "somebody else made it")
    return _by_time(container, evidence, fitting)


def strange(container: Container, evidence: Evidence) -> bool:
    """Return whether ``container`` is one like ours that cannot be ours: made while no attempt lived."""
    if container.id in evidence.makers or BATCH_LABEL in container.labels:
        return False
    fitting = [one for one in evidence.lives if matches(one.rules, container)]
    return bool(fitting) and not any(one.holds(container.created_at) for one in fitting)


def _by_label(container: Container, evidence: Evidence, label: str) -> Owner:
    if label != evidence.uuid:
        return Owner(proof="its label names another batch")
    labels = container.labels
    task, attempt = labels.get(TASK_LABEL), labels.get(ATTEMPT_LABEL, "")
    return Owner(
        owned=True,
        group=labels.get(GROUP_LABEL),
        task=TaskId(task) if task else None,
        attempt=int(attempt) if attempt.isdecimal() else None,
        proof="its label names this batch",
    )


def _shown(container: Container, evidence: Evidence) -> Owner:
    for group, rules in evidence.patterns:
        if matches(rules, container):
            return Owner(group=group, proof="no attempt lived that could have made it")
    return NOBODY


def _by_time(container: Container, evidence: Evidence, fitting: Sequence[Life]) -> Owner:
    """Judge one that only looks like ours."""
    group = fitting[0].group
    inside = [one for one in fitting if one.holds(container.created_at)]
    if not inside:
        return Owner(group=group, proof="made while no attempt lived that could have made it")
    named = evidence.items.get(container.id, ())
    if named and (by_item := _by_item(container, evidence, named, inside)) is not None:
        return by_item
    if evidence.strangers:
        return Owner(group=group, proof="others here make containers like it")
    if len(inside) > 1:
        return Owner(group=group, proof=f"made while {len(inside)} attempts lived that could have")
    (one,) = inside
    return Owner(
        owned=True,
        group=one.group,
        task=one.task,
        attempt=one.attempt,
        proof=BY_TIME,
    )


def _by_item(
    container: Container, evidence: Evidence, named: tuple[str, ...], inside: Sequence[Life]
) -> Owner | None:
    """Judge by its id file; two containers that name the same work prove nothing about either."""
    ours = [one for one in inside if one.names.intersection(named)]
    same = [id_ for id_, items in evidence.items.items() if set(items) & set(named)]
    if len(ours) != 1 or same != [container.id]:
        return None
    (one,) = ours
    return Owner(
        owned=True,
        group=one.group,
        task=one.task,
        attempt=one.attempt,
        proof="its id file names what this attempt works on",
    )


def _life_of(evidence: Evidence, maker: Maker) -> Life | None:
    same = (
        one for one in evidence.lives if one.task == maker.task and one.attempt == maker.attempt
    )
    return next(same, None)
