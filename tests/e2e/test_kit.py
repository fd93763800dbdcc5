"""Runners that use the kit, under a real engine: what they say, what they wait for, how they resume."""

import collections
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.containers import IMAGE, ensure_image
from tests.e2e.night import Night
from tests.support import until_sync

ROOT = Path(__file__).parents[2]
RUNNER = Path(__file__).parent / "runners" / "kit_eval.py"


@pytest.fixture(autouse=True)
def _with_the_kit(night: Night) -> None:
    night.environment["PYTHONPATH"] = str(ROOT)


def batch(**groups: str) -> str:
    """A batch of groups of one task each, ``GROUP: words of the runner``, that share one account."""
    head = (
        "limit: api\nretry: {attempts: 2, base: 0.1s, jitter: 0s..0s}\nstagger: 0s..0s\ngroups:\n"
    )
    return head + "".join(
        f'  {name}: {{run: "{sys.executable} {RUNNER} {words}", tasks: [{{id: t}}]}}\n'
        for name, words in groups.items()
    )


def row(night: Night, task: str = "a/t") -> dict[str, Any]:
    return next(one for one in night.status()["tasks"] if one["task"] == task)


def said(night: Night, task: str = "a/t") -> dict[str, Any]:
    return row(night, task)["said"] or {}


def begun(night: Night, task: str = "a/t") -> collections.Counter[str]:
    path = night.place / "begun.txt"
    lines = path.read_text().split() if path.exists() else []
    return collections.Counter(
        item for line in lines if (item := line.removeprefix(f"{task}:")) != line
    )


def test_how_far_it_is_survives_engine_and_runner(night: Night) -> None:
    night.write(batch(a="8 q1"))
    night.detach()
    until_sync(lambda: said(night).get("item") == "q3", timeout_s=60)
    assert row(night)["progress"] == [2, 8]
    assert said(night)["items_failed"] == 1
    assert (said(night)["tokens_in"], said(night)["cost_usd"]) == (20, 1.0)
    night.kill_engine()
    night.detach()
    until_sync(lambda: said(night).get("item") == "q3", timeout_s=60)
    assert row(night)["attempt"] == 1, "adopted"
    os.kill(int((night.place / "pid.txt").read_text()), signal.SIGKILL)
    until_sync(lambda: row(night)["attempt"] == 2 and begun(night)["q3"] == 2, timeout_s=60)
    (night.place / "go").touch()
    night.overnight("wait", code=1)
    # The item in flight, and the failed one since the task was tried again.
    assert begun(night) == {f"q{n}": 2 if n in {1, 3} else 1 for n in range(8)}
    results = night.state / "tasks" / "a" / "t" / "results.jsonl"
    records = [json.loads(line) for line in results.read_text().splitlines()[1:]]
    assert sorted(one["item"] for one in records if "result" in one) == [
        f"q{n}" for n in range(8) if n != 1
    ]


def test_items_that_failed_are_listed_everywhere(night: Night) -> None:
    (night.place / "go").touch()
    night.write(batch(a="5 q1", b="5"))
    night.run(code=1)
    (failed,) = json.loads(night.overnight("failed", "--json").stdout)
    assert failed["progress"] == [4, 5]
    assert failed["cause"].startswith("1 item failed (exit 1), such as q1: server_error: ")
    assert failed["items"] == [
        {
            "item": "q1",
            "class": "server_error",
            "error": "openai.InternalServerError: Error code: 503 - overloaded",
        }
    ]
    assert "- q1  server_error: " in night.overnight("failed").stdout
    assert "- q1: server_error: " in night.overnight("why", "a/t").stdout
    report = night.overnight("report").stdout
    assert "| a/t | q1 | server_error | openai.InternalServerError" in report
    assert "| b | 50 tokens in, 0 out, $2.50 |" in report
    state = json.loads((night.state / "tasks" / "a" / "t" / "state.json").read_text())
    assert state["items_failed"] == 1


def test_a_limit_that_one_runner_waits_for_is_held_for_all(night: Night) -> None:
    (night.place / "go").touch()
    night.write(batch(a="4 x q2"))
    night.detach()
    until_sync(lambda: night.status()["limits"], timeout_s=60)
    (held,) = night.status()["limits"]
    assert (held["limit"], held["state"]) == ("api", "held")
    assert said(night)["waiting_for"] == "Error: You've hit your limit · resets in 20 minutes"
    assert said(night)["waiting_until"] < held["held_until"], "slack is added"
    night.overnight("resume", "api", code=0)
    until_sync(lambda: night.phases()["a/t"] == "succeeded", timeout_s=60)
    night.overnight("wait", code=0)
    assert begun(night) == {f"q{n}": 1 for n in range(4)}


@pytest.mark.docker
def test_in_a_container_marks_go_to_stdout(night: Night) -> None:
    """No file of marks is there, and no limit is held for what a model may have written."""
    ensure_image()
    night.write(f"""
image: {IMAGE}
docker: {{pull: never, network: none, volumes: [".:/night"]}}
limit: api
tasks:
  - id: t
    run: |
      test -z "$OVERNIGHT_MARKS" || exit 9
      echo '@overnight done=1 total=3 item=q1'
      echo "@overnight waiting=4pm until=$(($(date +%s) + 1200)) class=usage_window"
      echo '@overnight failed=q0 class=timeout error=late'
      while [ ! -e /night/go ]; do sleep 0.1; done
""")
    night.detach()
    until_sync(lambda: said(night, "night/t").get("item") == "q1", timeout_s=90)
    assert row(night, "night/t")["progress"] == [1, 3]
    assert said(night, "night/t")["items_failed"] == 1
    assert said(night, "night/t")["waiting_for"] == "4pm"
    assert night.status()["limits"] == []
    (night.place / "go").touch()
    night.overnight("wait", code=0)
    assert "- q0: timeout: late" in night.overnight("why", "night/t").stdout
