"""A night of sixty real containers: who works, who idles, whose work is dead, and whose they are."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.containers import IMAGE, docker, lab
from tests.e2e.night import Night
from tests.support import until_sync

pytestmark = [pytest.mark.docker, pytest.mark.timeout(600)]

RUNNER = """\
#!/bin/bash
# Like HAL: each container is a sleeper, the agent is executed into it.
make() {
  cpus=; [ "$1" -le 3 ] && cpus=--cpus=0.2
  docker run -d --network=none --name "$PREFIX-$1" $cpus "$IMAGE" tail -f /dev/null >/dev/null
  if [ "$1" -le 3 ]; then docker exec -d "$PREFIX-$1" sh -c 'while :; do :; done'
  elif [ "$1" -le 23 ]; then
    docker exec "$PREFIX-$1" sh -c 'echo "401 token expired" > /workspace/error.log; exit 1'
  fi
}
export -f make
seq 60 | xargs -P 6 -I{} bash -c 'make {}'
touch made
while [ ! -e enough ]; do sleep 0.2; done
docker ps -aq --filter "name=$PREFIX-[0-9]+$" | xargs docker rm -f >/dev/null
"""


def states(found: list[dict[str, Any]]) -> Counter[str]:
    return Counter(one["state"] for one in found if one["owned"])


def test_sixty_containers_are_judged_exactly(night: Night) -> None:
    with lab() as here:
        prefix = here.name("run")
        colleague = docker("run", "-d", "--network=none", "--name", f"{prefix}-colleague", IMAGE,
                           "tail", "-f", "/dev/null")  # fmt: skip
        (night.place / "runner.sh").write_text(RUNNER)
        night.write(
            "batch: night\n"
            f"env: {{PREFIX: {prefix}, IMAGE: '{IMAGE}'}}\n"
            f'containers: "{prefix}-*"\n'
            "tasks: [{id: hal, run: bash runner.sh}]\n"
        )
        night.detach()
        until_sync((night.place / "made").exists, timeout_s=300.0)
        later = docker("run", "-d", "--network=none", "--name", f"{prefix}-later", IMAGE, "sh",
                       "-c", "echo x > /workspace/error.log; exec tail -f /dev/null")  # fmt: skip

        def listed() -> list[dict[str, Any]]:
            return list(json.loads(night.overnight("containers", "--json", code=0).stdout))

        want = Counter({"busy": 3, "idle": 37, "dead_idle": 20})
        until_sync(lambda: states(listed()) == want and len(listed()) == 62, timeout_s=60.0)
        found = {one["name"].removeprefix(f"{prefix}-"): one for one in listed()}
        dead = {name for name, one in found.items() if one["state"] == "dead_idle" and one["owned"]}
        assert dead == {str(number) for number in range(4, 24)}
        busy = {name: one["cores"] for name, one in found.items() if one["state"] == "busy"}
        assert set(busy) == {"1", "2", "3"}
        assert all(0.02 < cores < 0.5 for cores in busy.values()), busy
        assert {one["task"] for one in found.values() if one["owned"]} == {"night/hal"}
        for name in ("colleague", "later"):
            assert (found[name]["owned"], found[name]["task"]) == (False, None), name
        # The colleague's is dead as well, and none of ours.
        counts = "night: 3 busy, 38 idle, 21 dead-idle\n"
        until_sync(lambda: night.overnight("containers", code=0).stdout.startswith(counts))
        (task,) = night.status()["tasks"]
        assert {state: count for state, count in task["containers"].items() if count} == dict(want)
        (night.place / "enough").touch()
        night.overnight("wait", "night")
        assert {colleague, later} <= set(docker("ps", "-q", "--no-trunc").split()), here.left()
