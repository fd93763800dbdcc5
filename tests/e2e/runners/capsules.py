"""A benchmark that runs its capsules side by side: ``capsules.py COUNT [--resume] [AT_ONCE]``.

Each capsule leaves a line in ``capsules.txt``, with how many ran when it began; with ``--resume``
those that have one are not run again. All but the first five wait for a file ``go``. Without AT_ONCE the number is read from the file that OVERNIGHT_CAPSULES_FILE names, again and
again.
"""

import os
import sys
import threading
import time
from pathlib import Path

import runs

DONE = Path("capsules.txt")
WORDS = [word for word in sys.argv[1:] if word != "--resume"]
RESUMES = "--resume" in sys.argv


def at_once() -> int:
    """Return how many capsules may run side by side now."""
    if len(WORDS) > 1:
        return int(WORDS[1])
    return int(Path(os.environ["OVERNIGHT_CAPSULES_FILE"]).read_text())


def run(number: int, beside: int) -> None:
    while number >= 5 and not Path("go").exists():
        time.sleep(0.02)
    time.sleep(0.05)
    with DONE.open("a") as done:
        done.write(f"c{number} of {beside}\n")


def main() -> None:
    known = DONE.read_text() if RESUMES and DONE.exists() else ""
    left = [number for number in range(int(WORDS[0])) if f"c{number} " not in known]
    while left:
        running = threading.active_count() - 1
        if running < at_once():
            threading.Thread(target=run, args=(left.pop(0), running + 1)).start()
        else:
            time.sleep(0.02)
    while threading.active_count() > 1:
        time.sleep(0.02)


runs.began(resumes=str(RESUMES), at_once=str(at_once()))
main()
runs.ended()
