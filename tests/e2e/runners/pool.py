"""A subtest in a pool of workers: what its agent met lies in ``.failed``, and only there.

``pool.py NUMBER NAP_S``: asks the API once, after so many seconds.
"""

import json
import os
import sys
import time
from pathlib import Path

import runs
from ask import RefusedError, ask

NUMBER, NAP_S = sys.argv[1], float(sys.argv[2])
ATTEMPT = int(os.environ["OVERNIGHT_ATTEMPT"])
RESULTS = Path("results/T5") / NUMBER
POOL = (
    "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated"
    " abruptly while the future was running or pending."
)


def write(path: Path, document: dict[str, object]) -> None:
    """Write a result whole, with the time of the night that is played."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document))
    os.utime(new, (time.time(), time.time()))
    new.rename(path)


def broke(stderr: str) -> int:
    """Be the worker whose crash poisons the pool, and hides the reason."""
    if stderr:
        agent = RESULTS / f".failed/run_01_attempt_{ATTEMPT:02}/agent"
        write(agent / "result.json", {"exit_code": -1, "stderr": stderr})
    print(POOL, file=sys.stderr)
    return 1


def main() -> int:
    time.sleep(NAP_S)
    try:
        ask("/agent")
    except RefusedError as error:
        message = str(error.body["message"])
        return broke(f"Rate limit from agent: {message}" if error.status == 429 else "")
    write(RESULTS / "result.json", {"exit_code": 0, "score": 1.0})
    return 0


runs.began()
code = main()
runs.ended()
sys.exit(code)
