"""A subtest in a pool of workers: what its agent met lies in ``.failed``, and only there.

``pool.py NUMBER [caught]``: asks the API once. ``caught``: the worker catches everything, exits with 0
and returns a result that tells what it met.
"""

import json
import os
import sys
from pathlib import Path

import runs
from ask import RefusedError, ask

NUMBER, CATCHES = sys.argv[1], "caught" in sys.argv
ATTEMPT = int(os.environ["OVERNIGHT_ATTEMPT"])
RESULTS = Path("results/T5") / NUMBER
POOL = (
    "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated"
    " abruptly while the future was running or pending."
)


def write(path: Path, document: dict[str, object]) -> None:
    """Write a result whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".new")
    new.write_text(json.dumps(document))
    new.rename(path)


def broke(stderr: str) -> int:
    """Be the worker whose crash poisons the pool, and hides the reason."""
    if stderr:
        agent = RESULTS / f".failed/run_01_attempt_{ATTEMPT:02}/agent"
        write(agent / "result.json", {"exit_code": -1, "stderr": stderr})
    print(POOL, file=sys.stderr)
    return 1


def caught(stderr: str) -> int:
    """Be the worker that never crashes."""
    info = {"source": "agent", "error_message": stderr}
    write(RESULTS / "result.json", {"score": 0.0, "rate_limit_info": info})
    return 0


def main() -> int:
    try:
        ask("/agent")
    except RefusedError as error:
        message = str(error.body["message"])
        stderr = f"Rate limit from agent: {message}" if error.status == 429 else ""
        return caught(stderr) if CATCHES else broke(stderr)
    write(RESULTS / "result.json", {"exit_code": 0, "score": 1.0})
    return 0


runs.began()
code = main()
runs.ended()
sys.exit(code)
