"""Reading a batch that no engine runs."""

import json
import os
import signal

from supervisor.cli import task_dirs
from supervisor.cli.batches import at_directory, is_still_running
from tests.cli.conftest import Place, call
from tests.support import until_sync

NIGHT = """\
retry: {attempts: 1}
groups:
  g:
    tasks:
      - {id: ok, run: "true"}
      - {id: bad, run: "echo oops >&2; exit 3"}
"""


def test_everything_can_be_read_afterwards(place: Place) -> None:
    (place.path / "night.yaml").write_text(NIGHT)
    assert call("run", "night.yaml", "--headless").code == 1
    assert call("status").out.splitlines()[:2] == ["night  done  1/2 done", "engine not running"]
    document = json.loads(call("status", "--json").out)
    assert document["state"] == "done"
    assert {task["task"]: task["phase"] for task in document["tasks"]} == {
        "g/ok": "succeeded",
        "g/bad": "failed",
    }
    (failed,) = json.loads(call("failed", "--json").out)
    assert (failed["task"], failed["attempts"]) == ("g/bad", 1)
    why = call("why", "bad")
    assert why.code == 0
    assert why.out.splitlines()[0] == "no engine runs this batch"
    assert "oops" in why.out
    assert json.loads(call("why", "g/ok", "--json").out)["task"] == "g/ok"
    assert call("why", "nope").code == 1
    assert "oops" in call("logs", "bad").out
    assert "# night: 1/2 done" in call("report").out
    assert call("wait").code == 1
    assert "1 of 2 tasks succeeded, 1 failed" in call("wait").out


def test_after_the_death_of_the_engine(place: Place) -> None:
    (place.path / "night.yaml").write_text("run: sleep 600\n")
    assert call("run", "night.yaml", "--detach").code == 0
    entry = at_directory(str(place.path / ".overnight/night"))
    assert entry is not None
    until_sync(lambda: task_dirs.living(entry.directory) == 1)
    os.kill(entry.pid, signal.SIGKILL)
    until_sync(lambda: not is_still_running(entry))
    lines = call("status").out.splitlines()
    assert lines[0] == "night  stopped  0/1 done"
    assert lines[1] == "engine not running; alive: 1 (overnight run takes over)"
    said = call("wait")
    assert said.code == 1
    assert "no engine runs it: overnight run" in said.err
    assert call("ls").out.splitlines()[1].split()[:2] == ["night", "died"]
    assert call("run", "night.yaml", "--detach").code == 0
    assert call("stop").code == 0
    assert task_dirs.living(entry.directory) == 0
