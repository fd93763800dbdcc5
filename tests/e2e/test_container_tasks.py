"""The whole road with container tasks: the real command line, a real engine, and its deaths."""

import json
import os

import pytest

from supervisor.core.containers import BATCH_LABEL
from tests.containers import IMAGE, docker, ensure_image
from tests.e2e.night import Night
from tests.support import until_sync

pytestmark = [pytest.mark.docker, pytest.mark.timeout(240)]

BATCH = f"""
batch: night
parallel: 4
image: {IMAGE}
docker: {{pull: never, network: none, volumes: [".:/night"], user: "{os.getuid()}"}}
retry: {{attempts: 2, base: 100ms, jitter: 0s..0s}}
tasks:
  - id: "{{n}}"
    run: |
      echo start >> /night/starts-{{n}}
      echo begun {{n}}
      while [ ! -e /night/go ]; do sleep 0.1; done
      echo done {{n}}
    for: {{n: [a, b, c, d, e]}}
  - {{id: wrong, run: [no-such-command]}}
"""


def left(night: Night) -> list[str]:
    uuid = json.loads((night.state / "engine.json").read_text())["uuid"]
    return docker("ps", "-aq", "--filter", f"label={BATCH_LABEL}={uuid}").split()


def running(night: Night) -> list[str]:
    """Return the containers that running tasks are in."""
    tasks = night.status()["tasks"]
    return [task["container"] for task in tasks if task["phase"] == "running"]


def test_an_engine_dies_and_the_next_one_goes_on(night: Night) -> None:
    ensure_image()
    night.write(BATCH)
    night.detach()
    until_sync(lambda: len(running(night)) >= 4, timeout_s=90)
    assert all(name.startswith("overnight-night-") for name in running(night))
    night.kill_engine()
    (night.place / "go").touch()
    night.run(code=1)  # one command does not exist
    ends = night.phases()
    assert ends.pop("night/wrong") == "failed"
    assert set(ends.values()) == {"succeeded"}
    assert [(night.place / f"starts-{n}").read_text() for n in "abcde"] == ["start\n"] * 5
    for n in "abcde":
        log = night.state / f"tasks/night/{n}/attempt-1/stdout.log"
        assert log.read_text() == f"begun {n}\ndone {n}\n"
    assert left(night) == []
