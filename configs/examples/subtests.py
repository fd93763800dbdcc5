"""Fifteen subtests in a pool: one worker crashes, all meet a limit, and every result is there.

The agent is made up. As real ones do, it hides what it met in ``.failed/``: the pool looks there.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from supervisor import kit

TIER = Path("results/T5")
CRASHES = 7
LIMIT_S = 2.0


def run_subtest(number: int) -> dict[str, object]:
    """Run one subtest in a worker; what it returns is its result."""
    place = TIER / f"{number:02}"
    place.mkdir(parents=True, exist_ok=True)
    began = place / "begun.txt"
    tries = len(began.read_text().split()) if began.exists() else 0
    with began.open("a") as lines:
        lines.write("begun\n")
    if number == CRASHES and tries == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if (refusal := _refusal()) is not None:
        failed = place / ".failed" / f"run_01_attempt_{tries + 1:02}" / "agent"
        failed.mkdir(parents=True)
        kit.write_json(failed / "result.json", {"exit_code": -1, "stderr": refusal})
        return {"score": 0.0, "selection_reason": "Error: agent exited with -1"}
    time.sleep(0.1)
    return {"score": 1.0}


def _refusal() -> str | None:
    """Return what the agent says while the account is at its limit: for a while after the first try."""
    since = TIER / "limit-since"
    if not since.exists():
        since.write_text(str(time.time()))
    over_in_s = float(since.read_text() or time.time()) + LIMIT_S - time.time()
    if over_in_s <= 0:
        return None
    return f"Error code: 429 - rate limit reached. Please try again in {over_in_s:.1f}s."


def evidence(number: int, result: object) -> str | None:
    """Return what the agent of the last try left in ``.failed``, if it had no score."""
    if isinstance(result, dict) and result["score"]:
        return None
    found = sorted((TIER / f"{number:02}" / ".failed").glob("*/agent/result.json"))
    return json.loads(found[-1].read_text())["stderr"] if found else None


def main() -> int:
    """Run what is left of the subtests."""
    TIER.mkdir(parents=True, exist_ok=True)
    subtests = list(range(1, 16))
    with kit.run("results/T5.jsonl") as run:
        with kit.ResilientPool(5, timeout_s=600, evidence=evidence) as pool:
            for outcome in pool.each(run_subtest, run.left(subtests), run=run):
                print(f"{outcome.item:02}: {outcome.status} at try {outcome.tries}", flush=True)
        return run.exit_code


if __name__ == "__main__":
    sys.exit(main())
