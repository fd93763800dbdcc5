"""Reading a batch that no engine runs."""

import json

from tests.cli.conftest import Place, call

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
