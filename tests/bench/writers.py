"""``python -m tests.bench.writers PLAN``: many processes' worth of log lines, at a steady pace.

PLAN is a JSON file: ``paths``, ``lines_per_s`` (each file), ``seconds``, ``usual`` (lines) and ``telling``
(lines that must be found); each telling line goes once to each file, or to one of so many
(``telling_every``), followed by the time it was written.
"""

import json
import os
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_TICK_S = 0.002


def main() -> None:
    """Write what the plan says, then print how late the last line was, in seconds."""
    plan = json.loads(Path(sys.argv[1]).read_text())
    paths, seconds = plan["paths"], plan["seconds"]
    files = [os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) for path in paths]
    total = int(len(files) * plan["lines_per_s"] * seconds)
    usual = [line.encode() + b"\n" for line in plan["usual"]]
    telling = _spread(plan["telling"], len(files), total, plan["telling_every"])
    began = time.time()
    done = 0
    while done < total:
        due = min(total, int((time.time() - began) / seconds * total) + 1)
        for number in range(done, due):
            line = usual[number * 7919 % len(usual)]
            if number in telling:
                line = b"%s @%d\n" % (telling[number], time.time_ns())
            os.write(files[number % len(files)], line)
        done = due
        time.sleep(_TICK_S)
    print(time.time() - began - seconds)


def _spread(lines: Sequence[str], files: int, total: int, every: int) -> dict[int, bytes]:
    """Return which line numbers are telling: each such file gets each line at a random time."""
    dice = random.Random(7)
    turns = total // files
    return {
        turn * files + file: line.encode()
        for file in range(0, files, every)
        for line, turn in zip(lines, dice.sample(range(turns), len(lines)), strict=True)
    }


if __name__ == "__main__":
    main()
