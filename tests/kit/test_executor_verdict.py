"""What an error means for the batch that met it."""

import errno

import pytest

from supervisor.kit.executor_plan import Verdict
from supervisor.kit.executor_verdict import judge


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (RuntimeError("Error invalid configuration argument at line 380 in file /src/csrc/ops.cu"), "shrink"),
        (RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB"), "shrink"),
        (MemoryError(), "shrink"),
        (ValueError("bad item"), "shrink"),
        (RuntimeError("CUDA error: an illegal memory access was encountered"), "stop"),
        (RuntimeError("CUDA error: device-side assert triggered"), "stop"),
        (OSError(errno.ENOSPC, "No space left on device"), "stop"),
    ],
    ids=["cuda", "oom", "host", "item", "illegal", "assert", "disk"],
)  # fmt: skip
def test_errors_are_judged(error: BaseException, verdict: str) -> None:
    assert judge(error) is Verdict(verdict)
