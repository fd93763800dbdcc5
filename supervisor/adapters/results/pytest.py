"""What pytest says at the end of its output: the short summary, and the line of counts.

Format of pytest 7 and 8 (``_pytest/terminal.py``): ``FAILED path::test - reason`` per failed test, and last
``== 1 failed, 2 passed in 0.12s ==`` (with ``-q`` without the signs). The reasons are left out: what a test
says when it fails is no word about the machine or the account it ran on.
"""

import re

from supervisor.adapters.results.bounded import Unreadable, tail
from supervisor.adapters.results.items import failed_items
from supervisor.core.lines import clean
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look

_LAST = 1 << 20
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+?)(?: - .*)?$", re.MULTILINE)
_COUNTS = re.compile(
    r"^(?:=+ )?((?:\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun)(?:, )?)+)"
    r" in [\d.]+s",
    re.MULTILINE,
)
_COUNT = re.compile(r"(\d+) (failed|passed|skipped|xfailed|xpassed|errors?)")


def read(look: Look) -> ResultsSeen:
    """Return how many tests went well; no word where there is no line of counts."""
    for path in look.logs:
        try:
            text = clean(tail(path, _LAST)).decode("utf-8", "replace")
        except Unreadable:
            continue  # a stream that nothing was written to
        if counts := _COUNTS.findall(text):
            return _counted(counts[-1], text)
    return ResultsSeen()


def _counted(line: str, text: str) -> ResultsSeen:
    counts = {word.rstrip("s"): int(number) for number, word in _COUNT.findall(line)}
    bad = counts.get("failed", 0) + counts.get("error", 0)
    names = dict.fromkeys(_FAILED.findall(text))
    return ResultsSeen(
        status="error" if bad else "success" if counts.get("passed") else None,
        done=sum(counts.values()) - bad,
        total=sum(counts.values()) or None,
        failed=failed_items((name, "") for name in names),
        failed_count=bad,
    )
