"""Which containers a group or a runner has made, and where they show how their work stands."""

from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from supervisor.core.containers import Container, Sentinels

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
