"""Which containers a group or a runner has made, and where they show how their work stands."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from supervisor.core.containers import Container, Sentinels
from supervisor.core.durations import written as duration

USUAL = Sentinels(
    workspace="/workspace",
    error_files=("/workspace/error.log",),
    output_files=("/workspace/output.json",),
)
"""Where most runners leave them; what is not there tells nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerRules:
    """``containers:`` of a group or a runner's profile. What matches is shown, never therefore killed."""

    name: tuple[str, ...] = ()
    """Globs; one of them fits. None given: any name."""
    image: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    """``KEY`` or ``KEY=GLOB``; one of them fits."""
    project: tuple[str, ...] = ()
    """Globs over Compose projects."""
    sentinels: Sentinels = USUAL
    dead_after_s: float | None = None
    """Such a silence of every sign is death; None: no silence is."""


def combined(group: ContainerRules | None, profile: ContainerRules | None) -> ContainerRules | None:
    """Return what holds for a group whose runner has a profile: the group's own word comes first."""
    if group is None or profile is None:
        return group or profile
    patterned = group.name or group.image or group.label or group.project
    return replace(
        group if patterned else profile,
        sentinels=profile.sentinels if group.sentinels == USUAL else group.sentinels,
        dead_after_s=profile.dead_after_s if group.dead_after_s is None else group.dead_after_s,
    )


def matches(rules: ContainerRules, container: Container) -> bool:
    """Return whether every kind of pattern that ``rules`` give fits; without any, nothing does."""
    if not (rules.name or rules.image or rules.label or rules.project):
        return False
    return (
        _fits(rules.name, container.name)
        and _fits(rules.image, container.image)
        and (not rules.label or any(_labelled(one, container) for one in rules.label))
        and (not rules.project or _fits(rules.project, container.project or ""))
    )


def written(rules: ContainerRules) -> str:
    """Return ``rules`` in a few words."""
    kinds = {
        "name": rules.name,
        "image": rules.image,
        "label": rules.label,
        "project": rules.project,
    }
    told = [f"{kind} {' or '.join(patterns)}" for kind, patterns in kinds.items() if patterns]
    failed = " or ".join(rules.sentinels.error_files)
    if failed:
        told.append(f"failed once {failed} is there")
    if rules.dead_after_s is not None:
        told.append(f"dead after {duration(rules.dead_after_s)} of silence")
    return ", ".join(told)


def filled(rules: ContainerRules, values: dict[str, str]) -> ContainerRules:
    """Return ``rules`` with ``{name}`` in their patterns replaced by what ``values`` has; else ``*``."""

    def fill(patterns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_fill(one, values) for one in patterns)

    return replace(
        rules,
        name=fill(rules.name),
        image=fill(rules.image),
        label=fill(rules.label),
        project=fill(rules.project),
    )


def _fill(pattern: str, values: dict[str, str]) -> str:
    for name, value in values.items():
        pattern = pattern.replace("{" + name + "}", value)
    return pattern


def _fits(patterns: tuple[str, ...], text: str) -> bool:
    return not patterns or any(fnmatchcase(text, pattern) for pattern in patterns)


def _labelled(pattern: str, container: Container) -> bool:
    key, given, glob = pattern.partition("=")
    value = container.labels.get(key)
    return value is not None and (not given or fnmatchcase(value, glob))
