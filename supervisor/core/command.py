"""From a task to the command line and environment of one of its attempts."""

import hashlib
import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

from supervisor.core.models import NOTHING, TaskSpec
from supervisor.core.quoting import insert, substitute
from supervisor.core.resuming import resume_text
from supervisor.core.runners import RunnerProfile
from supervisor.core.wish import IN_CONTAINER, Wish, rendered

RESERVED = ("task", "attempt", "slot", "task_dir", "batch")
"""Names that a matrix may not use: they, or their variables, mean the attempt itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A command with nothing left to fill in. ``env`` is laid over the inherited environment."""

    argv: tuple[str, ...]
    env: Mapping[str, str]
    container: Wish | None = None


def render(
    task: TaskSpec,
    *,
    shell: tuple[str, ...],
    attempt: int,
    slot: int,
    task_dir: str,
    profile: RunnerProfile | None = None,
    names: Mapping[str, str] = NOTHING,
    knobs: Mapping[str, str] = NOTHING,
    last_env: Mapping[str, str] = NOTHING,
) -> Rendered:
    """Return what attempt number ``attempt`` (from 1) of ``task`` runs, in slot ``slot``.

    Attempts after the first take ``resume`` where there is one, else that of ``profile`` if
    ``names`` has all it needs: what the earlier attempt's results told. ``{name}`` is replaced only for the
    task's parameters, ``knobs`` and ``{task} {attempt} {slot} {task_dir}``, in one pass. ``last_env``
    lies over the task's own.
    """
    own = {
        "task": task.id,
        "attempt": str(attempt),
        "slot": str(slot),
        "task_dir": task_dir,
    }
    values = {**task.params, **knobs, **own}
    variables = {variable(name): value for name, value in values.items()}
    run, run_values = task.run, values
    if attempt > 1 and task.resume is not None:
        run = task.resume
    elif attempt > 1 and profile is not None and names:
        text = resume_text(profile, _as_text(run, values), names)
        # Its values are in it already.
        run, run_values = (run, values) if text is None else (text, {})
    setup = insert(task.setup, values) if task.setup else None
    return Rendered(
        argv=_argv(run, run_values, setup, IN_CONTAINER if task.container else shell),
        env={**task.env, **last_env, **variables},
        container=rendered(task.container, {**knobs, **own}) if task.container else None,
    )


def variable(name: str) -> str:
    """Return the environment variable that carries parameter ``name``: ``OVERNIGHT_<NAME>``."""
    return "OVERNIGHT_" + re.sub(r"[^A-Z0-9_]", "_", name.upper())


def fingerprint(task: TaskSpec, shell: tuple[str, ...]) -> str:
    """Return what tells whether two specs of a task do the same work.

    It covers command and setup after substitution, directory, image, ``env`` and which shell reads
    them; not ``env_file``, ``resume``, knobs or what differs between attempts.
    """
    values = {**task.params, "task": task.id}
    in_shell = isinstance(task.run, str)
    run = insert(task.run, values) if isinstance(task.run, str) else _words(task.run, values)
    setup = insert(task.setup, values) if task.setup else None
    reader = _program(IN_CONTAINER if task.container else shell) if in_shell or setup else None
    facts: list[object] = [run, setup, task.cwd, sorted(task.env.items()), reader]
    if task.container is not None:
        facts.append(task.container.image)
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _words(words: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(substitute(word, values) for word in words)


def _as_text(run: str | tuple[str, ...], values: Mapping[str, str]) -> str:
    return insert(run, values) if isinstance(run, str) else shlex.join(_words(run, values))


def _argv(
    run: str | tuple[str, ...], values: Mapping[str, str], setup: str | None, shell: tuple[str, ...]
) -> tuple[str, ...]:
    before = _prologue(setup, shell)
    if isinstance(run, str):
        return (*shell, before + insert(run, values))
    words = _words(run, values)
    if not setup:
        return words
    # The words travel as positional parameters, so the shell never reads them as text.
    return (*shell, before + 'exec "$@"', _program(shell), *words)


def _program(shell: tuple[str, ...]) -> str:
    return shell[0].rpartition("/")[2]


def _prologue(setup: str | None, shell: tuple[str, ...]) -> str:
    pipefail = "set -o pipefail\n" if _program(shell) == "bash" else ""
    # A setup that fails must not be followed by a run in the wrong environment.
    return pipefail + (f"{{ {setup}\n}} || exit\n" if setup else "")
