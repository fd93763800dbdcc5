"""What our containers are called and which labels they carry, so that each attempt has one at most."""

import hashlib
import re

from supervisor.core.containers import ATTEMPT_LABEL, BATCH_LABEL, GROUP_LABEL, TASK_LABEL
from supervisor.core.names import TaskId

_ODD = re.compile(r"[^a-zA-Z0-9_.-]+")
_LONGEST = 80


def container_name(uuid: str, task: TaskId, attempt: int) -> str:
    """Return the one name that the attempt's container may have.

    An engine gives a name once: whoever makes the container first has claimed the attempt.
    """
    digest = hashlib.sha256(f"{uuid}\0{task}\0{attempt}".encode("utf-8", "surrogateescape"))
    slug = _ODD.sub("-", task).strip("-.")[:_LONGEST]
    return f"overnight-{slug}-{attempt}-{digest.hexdigest()[:12]}"


def labels(uuid: str, task: TaskId, attempt: int) -> dict[str, str]:
    """Return the labels that prove whose the container is."""
    return {
        BATCH_LABEL: uuid,
        GROUP_LABEL: task.partition("/")[0],
        TASK_LABEL: task,
        ATTEMPT_LABEL: str(attempt),
    }
