"""What a container engine says of one container, and what that means for its attempt."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from supervisor.core.models import ErrorClass
from supervisor.ports import DaemonRefusedError, Gone, Ref

_NEVER = "0001-01-01T00:00:00Z"
_ENDED = frozenset({"exited", "dead", "removing"})
_SIGNALLED = frozenset({137, 143, 255})
"""What a command shows that its engine took down: KILL, TERM, or nobody knows."""
_MISSING = re.compile(
    r"executable file not found|no such file or directory|not found in \$?PATH", re.I
)
_FORBIDDEN = re.compile(r"permission denied|is a directory|exec format error", re.I)
_FULL = re.compile(r"no space left on device|disk quota exceeded", re.I)
_OF_COMMAND = re.compile(r'exec: "|executable file', re.IGNORECASE)
_NEVER_GOOD = re.compile(
    r"could not select device driver|unable to find (user|group)", re.IGNORECASE
)
"""A wrong wish that an engine calls trouble of its own: no GPUs for containers here, no such user."""
NOT_FOUND, NOT_EXECUTABLE = 127, 126
_WRONG = frozenset({400, 403, 404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One container, as ``GET /containers/ID/json`` tells it."""

    id: str
    status: str
    labels: dict[str, str]
    pid: int | None
    code: int
    error: str
    oom_killed: bool
    started_at: float
    """Unix seconds; 0: never."""
    finished_at: float
    health: str
    """The last thing that its health check said when it was found unhealthy; else nothing."""

    @property
    def ended(self) -> bool:
        """Whether it ran, and runs no more."""
        return self.status in _ENDED

    @property
    def never_ran(self) -> bool:
        """Whether it was made, and not started yet."""
        return self.status == "created" or (self.ended and not self.started_at)

    @property
    def paused(self) -> bool:
        """Whether it is frozen."""
        return self.status == "paused"


def facts_of(told: Any) -> Facts:
    """Return the facts out of the engine's answer."""
    state = told["State"]
    return Facts(
        id=told["Id"],
        status=state["Status"],
        labels=told["Config"].get("Labels") or {},
        pid=state.get("Pid") or None,
        code=int(state.get("ExitCode") or 0),
        error=" ".join(str(state.get("Error") or "").split()),
        oom_killed=bool(state.get("OOMKilled")),
        started_at=moment(state.get("StartedAt")),
        finished_at=moment(state.get("FinishedAt")),
        health=_health(state.get("Health") or state.get("Healthcheck") or {}),
    )


def moment(text: str | None) -> float:
    """Return the Unix seconds of an engine's time; 0 for its "never"."""
    if not text or text == _NEVER or text.startswith("0001-"):
        return 0.0
    return datetime.fromisoformat(text).timestamp()


def _health(health: Any) -> str:
    if health.get("Status") != "unhealthy":
        return ""
    log: list[dict[str, Any]] = health.get("Log") or []
    said = " ".join(str(log[-1].get("Output", "")).split())[:200] if log else ""
    return f"its health check failed{': ' + said if said else ''}"


def end_of(ref: Ref, facts: Facts, *, restarted: bool, now: float) -> Gone:
    """Return how the attempt ended whose container is over.

    ``restarted``: the container engine had another life when the container began, or went away
    about when it ended. What such an engine took down has not failed.
    """
    ended_at = facts.finished_at or now
    if restarted and facts.code in _SIGNALLED and not facts.oom_killed:
        cause = "the container engine was restarted while it ran"
        return Gone(
            ref=ref, code=facts.code, ended_at=ended_at, preset=ErrorClass.DOCKER, cause=cause
        )
    return Gone(
        ref=ref,
        code=facts.code,
        ended_at=ended_at,
        cause=facts.health or facts.error,
        oom_killed=facts.oom_killed,
    )


def refusal(ref: Ref, error: DaemonRefusedError, now: float) -> Gone:
    """Return what an engine's no to a container or its start means for the attempt.

    The command's own fault is exit 127 or 126, as in a shell; a wrong wish cannot work; whatever the
    engine cannot do at the moment is its own trouble.
    """
    words = error.words
    code: int | None = None
    preset: ErrorClass | None = ErrorClass.DOCKER
    if _OF_COMMAND.search(words) and _MISSING.search(words):
        code, preset = NOT_FOUND, None
    elif _OF_COMMAND.search(words) and _FORBIDDEN.search(words):
        code, preset = NOT_EXECUTABLE, None
    elif _FULL.search(words):
        preset = ErrorClass.DISK_FULL
    elif error.status in _WRONG or _NEVER_GOOD.search(words):
        preset = ErrorClass.BROKEN
    return Gone(ref=ref, code=code, ended_at=now, preset=preset, cause=words)
