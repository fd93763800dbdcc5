"""Names of tasks, groups, limits, streams and error classes; apart from the facts, so that clients
import little.
"""

from enum import StrEnum
from typing import Literal, NewType

TaskId = NewType("TaskId", str)
"""``group/id``; never changes, however often the task is retried."""
GroupId = NewType("GroupId", str)
LimitId = NewType("LimitId", str)

Stream = Literal["stdout", "stderr"]
Origin = Literal["stdout", "stderr", "file"]
"""Where a line stands: a stream of the attempt, or a file that the batch file names."""


class ErrorClass(StrEnum):
    """Why an attempt ended badly, in the operator's words."""

    AUTH = "auth"
    RATE_LIMIT = "rate_limit"
    USAGE_WINDOW = "usage_window"
    QUOTA = "quota"
    SERVER_ERROR = "server_error"
    NETWORK = "network"
    CUDA_OOM = "cuda_oom"
    CUDA_ERROR = "cuda_error"
    HOST_OOM = "host_oom"
    DISK_FULL = "disk_full"
    DOCKER = "docker"
    POOL_CRASH = "pool_crash"
    CONTENT_POLICY = "content_policy"
    BAD_REQUEST = "bad_request"
    TIMEOUT = "timeout"
    STALLED = "stalled"
    LOST = "lost"
    BROKEN = "broken"
    OPERATOR = "operator"
    UNKNOWN = "unknown"
