"""What went wrong with an item, in words and in the supervisor's classes."""

import re
import traceback

_TRACE = 4000
# The word alone, where no more is wanted than a name for what Python itself knows.
_BY_TYPE = {
    "TimeoutError": "timeout",
    "ConnectionError": "network",
    "ConnectionResetError": "network",
    "ConnectionRefusedError": "network",
    "BrokenPipeError": "network",
    "BrokenProcessPool": "pool_crash",
    "MemoryError": "host_oom",
}


def told(error: BaseException | str) -> tuple[str, str]:
    """Return an error in one line or a few, and the end of its traceback (empty for a text)."""
    if isinstance(error, str):
        return error, ""
    text = "".join(traceback.format_exception_only(error)).strip()
    return text, "".join(traceback.format_exception(error))[-_TRACE:]


def class_of(text: str) -> str:
    """Return the class of an error in the supervisor's words, as its own detector would.

    A detector that cannot be had must not cost an outcome: then it is ``unknown``.
    """
    last = text.rstrip().rpartition("\n")[2]
    name = re.match(r"[\w.]*", last)
    return _BY_TYPE.get(name[0].rpartition(".")[2], "unknown") if name else "unknown"
