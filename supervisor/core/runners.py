"""What is known of each runner: how success shows, where results lie, how to go on, what silence means."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from supervisor.core.container_rules import ContainerRules

GENERIC = "generic"
"""Name of the profile of every command that no other profile knows."""
_WORD = r"""(?:'[^']*'|"(?:\\.|[^"\\])*"|\\.|[^\s;|&)'"\\])+"""
_QUOTED = re.compile(r"""'([^']*)'|"((?:\\.|[^"\\])*)"|\\(.)""")
"""What a shell takes away of a word: quotes, and the backslash before a letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SuccessSigns:
    """What must be seen for an attempt to have succeeded; all that are given must be."""

    exit: tuple[int, ...] = (0,)
    files: tuple[str, ...] = ()
    """Globs with ``{names}``, relative to the task's directory: each must match a file that was
    written after the attempt began and is not empty."""
    markers: tuple[str, ...] = ()
    """Texts, each of which must stand in stdout or stderr."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsAt:
    """Where a runner's results lie, and who can read them."""

    reader: str
    """Name of a reader in ``adapters/results``: ``inspect``, ``hal``, ``swebench``, ``lm_eval``."""
    globs: tuple[str, ...]
    """With ``{names}``, relative to the task's directory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value that the runner's command line or environment may carry; a ``{name}`` for globs."""

    flags: tuple[str, ...]
    """Such as ``--log-dir``; ``--log-dir X`` and ``--log-dir=X`` are both understood."""
    env: str = ""
    default: str = ""
    """Where neither is given; may be a glob such as ``*``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerProfile:
    """One kind of runner. Made from ``configs/runners/*.yaml``; the batch keeps those it uses."""

    name: str
    commands: tuple[str, ...] = ()
    """Regular expressions searched in the command as written; the first profile that has one wins."""
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    """Names for globs and ``resume``, each with where the command says its value."""
    success: SuccessSigns = SuccessSigns()
    results: ResultsAt | None = None
    resume: str | None = None
    """Shell text of attempts after the first. ``{command}`` is the task's own command, ``{log}`` the
    path of the last results, other names come from ``options`` or from the results. When one of
    them is not known, the command is run again as it is."""
    progress: str | None = None
    """Regular expression with two groups: done and total."""
    quiet_s: float | None = None
    """Silence of this many seconds is worth a mark; None: the group's ``stall`` says."""
    containers: ContainerRules | None = None
    """Those it makes; ``{name}`` in their patterns stands for an option."""


def chosen(command: str, profiles: Iterable[RunnerProfile]) -> str:
    """Return the name of the first profile that knows ``command``, else ``generic``."""
    for profile in profiles:
        if any(re.search(pattern, command) for pattern in profile.commands):
            return profile.name
    return GENERIC


def option_values(
    profile: RunnerProfile, command: str, env: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the value of each option of ``profile`` that ``command``, ``env`` or a default gives."""
    values: dict[str, str] = {}
    for name, option in profile.options.items():
        value = _said(option.flags, command) or env.get(option.env, "") or option.default
        if value:
            values[name] = value
    return values


def _said(flags: tuple[str, ...], command: str) -> str:
    """Return the last value that one of ``flags`` has in a command line, unquoted, or nothing."""
    if not flags:
        return ""
    names = "|".join(map(re.escape, flags))
    found = re.findall(rf"(?:^|\s)(?:{names})(?:=|\s+)({_WORD})", command)
    return _QUOTED.sub(lambda part: part[1] or part[2] or part[3] or "", found[-1]) if found else ""
