"""The command with which a later attempt goes on where the runner itself can."""

import re
from collections.abc import Mapping

from supervisor.core.batch import Task
from supervisor.core.models import NOTHING, ResultsSeen
from supervisor.core.quoting import insert
from supervisor.core.runners import RunnerProfile, option_values

_NAME = re.compile(r"\{(\w+)\}")
_GLOB = re.compile(r"[*?\[]")
_MARGIN = re.compile(r"[\s\\]+\Z")


def resume_text(profile: RunnerProfile, command: str, names: Mapping[str, str]) -> str | None:
    """Return the shell text with which an attempt after the first goes on; None: as the first began.

    ``command`` is the task's own, with its values in it. Of it come ``{command}`` and the named
    groups of the profile's patterns, as they are; what ``names`` gives is one word each.
    """
    if profile.resume is None:
        return None
    command = _MARGIN.sub("", command)
    raw = {"command": command, **_groups(profile, command)}
    wanted = set(_NAME.findall(profile.resume))
    if any(not (raw.get(name) or names.get(name)) for name in wanted):
        return None
    parts = re.split(rf"\{{({'|'.join(map(re.escape, raw))})\}}", profile.resume)
    return "".join(
        raw[part] if place % 2 else insert(part, names) for place, part in enumerate(parts)
    )


def resume_names(
    profile: RunnerProfile, task: Task, command: str, env: Mapping[str, str]
) -> Mapping[str, str]:
    """Return what ``resume_text`` may fill in: options of the command, and what results told.

    Nothing, while no attempt has left results: then there is nothing to go on with.
    """
    known = known_names(task)
    if not known or profile.resume is None:
        return NOTHING
    options = option_values(profile, command, env)
    plain = {name: value for name, value in options.items() if not _GLOB.search(value)}
    return {**plain, **known}


def names_of(seen: ResultsSeen | None) -> Mapping[str, str]:
    """Return what an attempt's results give to the next one; ``log`` is where they lie."""
    if seen is None or not seen.path:
        return NOTHING
    return {"log": seen.path, **seen.names}


def known_names(task: Task) -> Mapping[str, str]:
    """Return what the newest attempt of ``task`` whose results were found gives to the next one."""
    return next((record.names for record in reversed(task.history) if record.names), NOTHING)


def _groups(profile: RunnerProfile, command: str) -> dict[str, str]:
    """Return the named groups of the first pattern that knows the command."""
    for pattern in profile.commands:
        found = re.search(pattern, command)
        if found is not None:
            return {name: text for name, text in found.groupdict().items() if text}
    return {}
