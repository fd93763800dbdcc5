"""Parallelism turned while real processes run: by their rate limits, and inside of a runner."""

import json
from collections.abc import Callable

import pytest

from tests.e2e.night import Night
from tests.support import until_sync

LIMITED = (
    "openai.RateLimitError: Error code: 429 - Rate limit reached for gpt-4o on tokens per min (TPM)"
)
RANGE = f"""\
batch: night
retry: {{base: 30s, jitter: 0s..0s}}
groups:
  g:
    parallel: 1..4
    tasks:
      - id: "{{n}}"
        run: 'while ! [ -e go-{{n}} ]; do sleep 0.05; done; echo "{LIMITED}" >&2; exit 1'
        for: {{n: [a, b, c, d, e, f]}}
"""
WAITING = "while ! [ -e go ]; do sleep 0.05; done"


def group(night: Night) -> dict[str, object]:
    (row,) = night.status()["groups"]
    return dict(row)


def test_a_rate_limit_halves_a_range_and_ends_nothing(night: Night) -> None:
    night.write(RANGE)
    night.detach()
    until_sync(lambda: group(night)["running"] == 4)
    (night.place / "go-a").touch()
    until_sync(lambda: group(night)["parallel"] == 2)
    row = group(night)
    assert (row["running"], row["range"], row["note"]) == (3, [1, 4], "2 of 1..4")
    said = night.overnight("parallel", "g", "3", code=0).stdout
    assert "limits change it again after: overnight parallel g auto" in said
    until_sync(lambda: group(night)["range"] is None)
    assert "of 1..4, as limits allow" in night.overnight("parallel", "g", "auto", code=0).stdout
    assert "lowered from 4 by rate limits" in night.overnight("why", "g/f", code=0).stdout
    night.stop()


def by_file(night: Night) -> bool:
    found = night.place / "seen.txt"
    return found.exists() and found.read_text().split() == ["20", "5"]


def by_command(night: Night) -> bool:
    found = night.place / "ctl.txt"
    return found.exists() and found.read_text() == "night/one 5 5\n"


WAYS: dict[str, tuple[str, str, Callable[[Night], bool]]] = {
    "file": (
        "file",
        'last=; while ! [ -e go ]; do now=$(cat "$OVERNIGHT_CAPSULES_FILE"); [ "$now" = "$last" ]'
        ' || echo "$now" >> seen.txt; last=$now; sleep 0.05; done',
        by_file,
    ),
    "command": (
        '{run: "echo {task} {n} $OVERNIGHT_CAPSULES >> ctl.txt", timeout: 20s}',
        WAITING,
        by_command,
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_running_runner_is_told(night: Night, way: str) -> None:
    apply, run, told = WAYS[way]
    keys = {"batch": "night", "id": "one", "run": run}
    night.write(
        "\n".join(f"{key}: {json.dumps(text)}" for key, text in keys.items())
        + f"\ninner: {{knob: capsules, start: 20, apply: {apply}}}\n"
    )
    night.detach()
    until_sync(lambda: group(night)["running"] == 1)
    if way == "file":
        until_sync(lambda: (night.place / "seen.txt").exists())
    said = night.overnight("parallel", "night", "5", code=0).stdout
    assert said == "night: capsules 5; 1 running attempt is told now\n"
    until_sync(lambda: told(night))
    (night.place / "go").touch()
    assert night.overnight("wait", code=0).returncode == 0


def test_twenty_capsules_become_five_by_a_restart_that_was_agreed_to(night: Night) -> None:
    """The operator of the first night did it by hand: ended the run, and resumed it with 5."""
    night.write(
        "batch: night\nid: one\n"
        f'run: "echo began with {{capsules}} >> runs.txt; {WAITING}"\n'
        'resume: "echo resumed with {capsules} >> runs.txt"\n'
        "inner: {knob: capsules, start: 20, apply: restart}\n"
    )
    night.detach()
    runs = night.place / "runs.txt"
    until_sync(runs.exists)
    said = night.overnight("parallel", "night", "5", code=0).stdout
    assert "1 running attempt keeps what it has until restarted" in said
    (advice,) = night.status()["advice"]
    assert (advice["knob"], advice["parallel"], advice["suggested"]) == ("capsules", 20, 5)
    assert runs.read_text() == "began with 20\n"
    night.overnight("parallel", "--advice", "--yes", code=0)
    night.overnight("wait", code=0)
    assert runs.read_text() == "began with 20\nresumed with 5\n"
    (task,) = night.status()["tasks"]
    assert (task["phase"], task["attempt"]) == ("succeeded", 2)
