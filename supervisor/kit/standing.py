"""Asks the engine whether the limits of this process's task hold; no answer is an answer, too."""

import json
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from supervisor.kit.marks import FILE, TASK

_ANSWER_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the engine says about the limits of a task."""

    holds: bool
    until: float | None = None
    """Unix seconds, slack included; None: nobody knows, or nothing holds."""
    limit: str = ""
    reason: str = ""
    needs_you: bool = False
    """It holds until a person releases it."""
    released_at: float = 0.0
    """When one of them last let go (Unix seconds)."""


class Engine:
    """The engine that runs this process's task, if there is one; ``environ`` as for ``Marks``."""

    __slots__ = ("_info", "_task")

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        marks, self._task = environ.get(FILE, ""), environ.get(TASK, "")
        # <state directory>/tasks/<group>/<task>/attempt-<n>/marks
        parents = Path(marks).parents
        self._info = parents[4] / "engine.json" if marks and len(parents) > 4 else None

    def standing(self) -> Standing | None:
        """Return how the limits of this task stand; None: no engine answers."""
        if self._info is None:
            return None
        try:
            info: dict[str, Any] = json.loads(self._info.read_bytes())
            answer = _get(info["socket"], f"/v1/standing?task={quote(self._task, safe='')}")
            said: object = json.loads(answer)
            return _standing(cast("dict[str, Any]", said))
        except (OSError, ValueError, KeyError, TypeError):
            # It ended, restarts, or is of another version: this process goes by itself.
            return None


def _standing(said: Mapping[str, Any]) -> Standing:
    until = said["until"]
    return Standing(
        holds=bool(said["holds"]),
        until=None if until is None else float(until),
        limit=str(said["limit"] or ""),
        reason=str(said["reason"] or ""),
        needs_you=bool(said["needs_you"]),
        released_at=float(said["released_at"]),
    )


def _get(path: str, target: str) -> bytes:
    """Return the body of the engine's answer.

    Raises:
        OSError: nobody answers.
        ValueError: the answer is no good one.
    """
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(_ANSWER_S)
        line.connect(path)
        line.sendall(f"GET {target} HTTP/1.0\r\nHost: engine\r\n\r\n".encode())
        parts: list[bytes] = []
        while part := line.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1:2] != [b"200"]:
        raise ValueError(head[:100])
    return body
