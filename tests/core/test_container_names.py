"""One name for each attempt, and the labels that prove whose it is."""

import re

from supervisor.core.container_names import container_name, labels
from supervisor.core.models import TaskId

LEGAL = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


def test_names_are_legal_and_tell_attempts_apart() -> None:
    names = {
        container_name(uuid, TaskId(task), attempt)
        for uuid in ("u1", "u2")
        for task in ("g/Qwen/Qwen2.5", "g/Qwen-Qwen2.5", "g/äö ü", "g/" + "x" * 500)
        for attempt in (1, 2)
    }
    assert len(names) == 16
    assert all(LEGAL.fullmatch(name) and len(name) < 128 for name in names)
    assert container_name("u", TaskId("judge/qa"), 2).startswith("overnight-judge-qa-2-")


def test_labels_say_it_in_full() -> None:
    assert labels("u", TaskId("g/a/b"), 3) == {
        "overnight.batch": "u",
        "overnight.group": "g",
        "overnight.task": "g/a/b",
        "overnight.attempt": "3",
    }
