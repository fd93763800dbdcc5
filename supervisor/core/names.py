"""Names of tasks, groups, limits and streams; apart from the facts, so that clients import little."""

from typing import Literal, NewType

TaskId = NewType("TaskId", str)
"""``group/id``; never changes, however often the task is retried."""
GroupId = NewType("GroupId", str)
LimitId = NewType("LimitId", str)

Stream = Literal["stdout", "stderr"]
Origin = Literal["stdout", "stderr", "file"]
"""Where a line stands: a stream of the attempt, or a file that the batch file names."""
