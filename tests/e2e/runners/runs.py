"""What runners write down about themselves: who ran when, whatever the engine says."""

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

RUNS = "runs.jsonl"


@dataclass(frozen=True, kw_only=True)
class Run:
    """One launch of a runner's command. Times are Unix seconds of the machine."""

    task: str
    attempt: int
    began_at: float
    ended_at: float
    said: dict[str, str]
    """What it knew of its settings."""


def began(**said: str) -> None:
    """Write a start line; the end follows when ``ended`` is called."""
    _write({"event": "began", **_who(), "at": time.monotonic(), "said": said})


def ended() -> None:
    """Write that this launch is over, for good or bad."""
    _write({"event": "ended", **_who(), "at": time.monotonic()})


def runs(place: Path) -> list[Run]:
    """Return every launch that wrote a start line, in their order; one killed never ended."""
    path = place / RUNS
    entries = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
    ends = {(one["task"], one["attempt"]): one["at"] for one in entries if one["event"] == "ended"}
    return [
        Run(
            task=one["task"],
            attempt=one["attempt"],
            began_at=one["at"],
            ended_at=ends.get((one["task"], one["attempt"]), float("inf")),
            said=one["said"],
        )
        for one in entries
        if one["event"] == "began"
    ]


def _who() -> dict[str, object]:
    return {
        "task": os.environ["OVERNIGHT_TASK"],
        "attempt": int(os.environ["OVERNIGHT_ATTEMPT"]),
    }


def _write(entry: dict[str, object]) -> None:
    # One short write in append mode: lines of runners side by side do not mix.
    file = os.open(RUNS, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, (json.dumps(entry) + "\n").encode())
    finally:
        os.close(file)
