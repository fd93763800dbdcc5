"""What is kept in the directory of an attempt, so that a later engine knows what this one knew.

``claim``: which container may be started, written before the start is asked for. ``end.json``: how it
ended, written before anybody is told and before the container is removed. ``logs.json``: how far its
logs were copied.
"""

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from supervisor.core.models import ErrorClass
from supervisor.core.places import encoded
from supervisor.ports import Gone, Ref, Try

BACKEND = "docker"
_CLAIM, _END, _LOGS, _SPEC = "claim.json", "end.json", "logs.json", "spec.json"
_EXIT_LENGTH = 63


@dataclass(frozen=True, slots=True)
class Claim:
    """``start``: this container and no other may run; ``void``: it may not, another will be made.

    ``buried``: none may ever run. ``daemon`` tells one life of the container engine from the next.
    """

    state: Literal["start", "void", "buried"]
    container: str = ""
    daemon: str = ""


def write_claim(directory: Path, claim: Claim) -> None:
    """Make the claim durable."""
    _write(directory / _CLAIM, asdict(claim))


def read_claim(directory: Path) -> Claim | None:
    """Return the claim; None if there is none."""
    found = _read(directory / _CLAIM)
    return None if found is None else Claim(found["state"], found["container"], found["daemon"])


def write_end(directory: Path, end: Gone) -> None:
    """Make the end durable; ``exit`` says it once more for people, as for local attempts."""
    _write(
        directory / _END,
        {
            "code": end.code,
            "ended_at": end.ended_at,
            "preset": end.preset,
            "cause": end.cause,
            "oom_killed": end.oom_killed,
        },
    )
    if end.code is not None:
        (directory / "exit").write_text(f"{f'exit={end.code}':<{_EXIT_LENGTH}}\n")


def read_end(directory: Path, ref: Ref) -> Gone | None:
    """Return how the attempt ended; None if nobody wrote that down."""
    found = _read(directory / _END)
    if found is None:
        return None
    return Gone(
        ref=ref,
        code=found["code"],
        ended_at=found["ended_at"],
        preset=None if found["preset"] is None else ErrorClass(found["preset"]),
        cause=found["cause"],
        oom_killed=found["oom_killed"],
    )


def write_logs(directory: Path, positions: dict[str, tuple[str, int]]) -> None:
    """Note how far each stream was copied; the logs' own sizes say the rest."""
    _write(directory / _LOGS, positions, flush=False)


def read_logs(directory: Path) -> dict[str, tuple[str, int]]:
    """Return what was noted, nothing if nothing was."""
    with suppress(ValueError, TypeError, AttributeError):
        found: dict[str, tuple[str, int]] = _read(directory / _LOGS) or {}
        return {stream: (str(since), int(size)) for stream, (since, size) in found.items()}
    return {}


def write_spec(directory: Path, uuid: str, attempt: Try, name: str, env: list[str]) -> None:
    """Write down what is launched; of the environment the names only."""
    group, _, task = attempt.ref.task.partition("/")
    _write(
        directory / _SPEC,
        {
            "v": 1,
            "backend": BACKEND,
            "batch_uuid": uuid,
            "task": attempt.ref.task,
            "attempt": attempt.ref.attempt,
            "encoded": f"{encoded(group)}/{encoded(task)}",
            "argv": attempt.argv,
            "cwd": attempt.cwd,
            "env_file": attempt.env_file,
            "container": name,
            "image": attempt.container.image if attempt.container else "",
            "env": sorted(env),
        },
        flush=False,
    )


def launched_as(directory: Path) -> bool | None:
    """Tell what the attempt was launched as: a container, a process (False), or nothing yet (None)."""
    try:
        spec: dict[str, object] = json.loads((directory / _SPEC).read_bytes())
    except (OSError, ValueError):
        return None
    return spec.get("backend") == BACKEND


def _write(path: Path, value: Any, *, flush: bool = True) -> None:
    """Write ``value`` as JSON so that a reader, or a crash, meets the old text or the new one."""
    new = path.with_name(path.name + ".new")
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as stream:
        json.dump(value, stream)
        stream.flush()
        if flush:
            os.fsync(stream.fileno())
    new.replace(path)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
