"""What an error that a batch met means: try fewer, blame an item, wait, or stop."""

import errno
import re

from supervisor.kit.executor_plan import Verdict
from supervisor.kit.faults import class_of, told

_STUCK = re.compile(
    "illegal memory access|device-side assert|unspecified launch failure|misaligned address"
    "|illegal instruction was encountered|launch timed out and was terminated"
    "|uncorrectable ECC error|GPU has fallen off the bus|no CUDA-capable device"
    "|context is destroyed",
    re.IGNORECASE,
)
"""After these every further call of the process fails (CUDA runtime API, "sticky" errors of
``cudaError_t``): only a new process helps."""

_VERDICTS = {
    "auth": Verdict.STOP,
    "quota": Verdict.STOP,
    "disk_full": Verdict.STOP,
    "rate_limit": Verdict.WAIT,
    "usage_window": Verdict.WAIT,
    "bad_request": Verdict.ITEM,
    "content_policy": Verdict.ITEM,
}


def judge(error: BaseException) -> Verdict:
    """Return what ``error`` says about the batch that met it; the usual judge of an executor."""
    return weigh(error)[0]


def weigh(error: BaseException) -> tuple[Verdict, str]:
    """Return that, and the class of the error in the supervisor's words."""
    error_class = class_of(error)
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Verdict.STOP, error_class
    if _STUCK.search(told(error)[0]):
        return Verdict.STOP, error_class
    return _VERDICTS.get(error_class, Verdict.SHRINK), error_class
