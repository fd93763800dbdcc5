"""Which processes only keep a container open."""

import pytest

from supervisor.adapters.containers.sleepers import is_init, is_sleeper


@pytest.mark.parametrize(
    "words",
    [
        "tail -f /dev/null",
        "/usr/bin/tail -F /dev/null",
        "tail -n 0 -f /dev/null",
        "sleep infinity",
        "sleep 2h",
        "/bin/busybox tail -f /dev/null",
        "/pause",
        "cat",
        "/bin/bash",
        "sh -i",
        "-bash",
        "tini -- tail -f /dev/null",
        "/sbin/docker-init -- sleep infinity",
    ],
)
def test_sleepers(words: str) -> None:
    assert is_sleeper(words.split())


@pytest.mark.parametrize(
    "script",
    [
        "while true; do sleep 30; done",
        "while :; do sleep 1; done",
        "exec tail -f /dev/null",
        "sleep infinity",
        "trap : TERM; trap : INT; sleep infinity",
        "while sleep 1000; do :; done",
    ],
)
def test_shells_that_only_wait(script: str) -> None:
    assert is_sleeper(["sh", "-c", script])
    assert is_sleeper(["/bin/bash", "-c", script])


@pytest.mark.parametrize(
    "words",
    [
        ["python", "agent.py"],
        ["tail", "/var/log/messages"],
        ["cat", "file"],
        ["bash", "run.sh"],
        ["sh", "-c", "python eval.py"],
        ["sh", "-c", "while true; do python step.py; done"],
        ["sh", "-c", "tail -f /dev/null & exec python server.py"],
        ["sh", "-c", "sleep 5; python server.py"],
        ["sh", "-c", "sleep 5\npython server.py"],
        ["sh", "-c", "while true; do sleep 5; python poll.py; done"],
        ["tini", "--", "python", "agent.py"],
        [],
    ],
)
def test_whatever_may_work_is_no_sleeper(words: list[str]) -> None:
    assert not is_sleeper(words)


def test_inits_mind_their_child() -> None:
    assert is_init(["/sbin/docker-init", "--", "python", "x.py"])
    assert is_init(["tini", "-s", "--", "x"])
    assert not is_init(["python"])
    assert not is_init([])
