"""A runner that uses the kit. ``kit_eval.py COUNT [FAILING] [LIMITED]``.

Items from the third on wait until there is a file ``go``; each item notes that it began.
"""

import os
import sys
import time
from pathlib import Path

from supervisor import kit


def main() -> int:
    """Do the items, of which one may fail and one may meet a limit."""
    count, failing, limited = (*sys.argv[1:], "", "")[:3]
    task = os.environ["OVERNIGHT_TASK"]
    Path("pid.txt").write_text(str(os.getpid()))
    with kit.run(settings={"count": count}) as run:
        for item in run.todo([f"q{number}" for number in range(int(count))]):
            with Path("begun.txt").open("a") as begun:
                begun.write(f"{task}:{item}\n")
            while item not in {"q0", "q1", "q2"} and not Path("go").exists():
                time.sleep(0.02)
            if item == limited:
                kit.wait_for_limit("Error: You've hit your limit · resets in 20 minutes")
            if item == failing:
                run.failed(item, "openai.InternalServerError: Error code: 503 - overloaded")
                continue
            run.used(tokens_in=10, cost=0.5)
            run.done(item, {"answer": item})
    return run.exit_code


if __name__ == "__main__":
    sys.exit(main())
