"""Where the results and signs of success of an attempt are to be looked for."""

import glob
import os
import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from supervisor.core.command import RESERVED
from supervisor.core.models import TaskId, TaskSpec
from supervisor.core.places import task_dir
from supervisor.core.quoting import insert, substitute
from supervisor.core.runners import GENERIC, RunnerProfile, option_values
from supervisor.core.state import Batch
from supervisor.core.success import success_signs
from supervisor.ports import Look, Ref

_NAME = re.compile(r"\{(\w+)\}")


def profile_of(batch: Batch, task: TaskId) -> RunnerProfile:
    """Return the profile of a task's runner."""
    name = batch.specs[task].profile
    known = (one for one in batch.head.profiles if one.name == name)
    return next(known, RunnerProfile(name=GENERIC))


def look_for(
    batch: Batch, ref: Ref, directory: Path, *, since: float, environ: Mapping[str, str]
) -> Look | None:
    """Return where to look when ``ref`` has ended; None: nothing says that anything is to be found.

    ``directory`` is the attempt's; ``environ`` the environment that attempts inherit.
    """
    spec = batch.specs[ref.task]
    profile = profile_of(batch, ref.task)
    signs = success_signs(batch.group_specs[spec.group], profile)
    results = profile.results
    if results is None and not signs.files and not signs.markers:
        return None
    own = {
        **spec.params,
        "task": spec.id,
        "attempt": str(ref.attempt),
        "task_dir": task_dir(batch.head.directory, spec.id),
    }
    options = option_values(profile, command_of(spec), {**environ, **spec.env})
    values = {**_as_globs(profile, options), **{name: glob.escape(own[name]) for name in own}}
    return Look(
        reader=results.reader if results is not None else None,
        globs=_filled(results.globs, values) if results is not None else (),
        names={**options, **own},
        files=tuple(substitute(pattern, values) for pattern in signs.files),
        markers=tuple(substitute(marker, own) for marker in signs.markers),
        cwd=Path(spec.cwd),
        logs=(directory / "stdout.log", directory / "stderr.log"),
        since=since,
    )


def place_of(look: Look) -> tuple[str, ...]:
    """Return what tells whether two attempts may write to the same results."""
    return tuple(os.path.normpath(look.cwd / pattern) for pattern in look.globs)


def command_of(spec: TaskSpec) -> str:
    """Return a task's command as a shell would read it, with the task's values in it."""
    values = {name: value for name, value in spec.params.items() if name not in RESERVED}
    if isinstance(spec.run, str):
        return insert(spec.run, values)
    return shlex.join(substitute(word, values) for word in spec.run)


def _as_globs(profile: RunnerProfile, options: Mapping[str, str]) -> dict[str, str]:
    """Return options for use in globs: only a default may itself be one."""
    return {
        name: value if value == profile.options[name].default else glob.escape(_local(value))
        for name, value in options.items()
        if name in profile.options
    }


def _local(value: str) -> str:
    return value.removeprefix("file://")


def _filled(globs: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the globs of which every name is known."""
    return tuple(
        substitute(pattern, values)
        for pattern in globs
        if all(name in values for name in _NAME.findall(pattern))
    )
