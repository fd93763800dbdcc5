"""Nights of real containers that mostly stand by: what is advised, what is killed, and what is let alone."""

import json
from typing import Any

import pytest

from tests.containers import IMAGE, docker, lab
from tests.e2e.night import Night
from tests.support import until_sync

pytestmark = pytest.mark.docker

LABELS = (
    "--label overnight.batch=$OVERNIGHT_BATCH_UUID --label overnight.task=$OVERNIGHT_TASK"
    " --label overnight.group=${OVERNIGHT_TASK%/*} --label overnight.attempt=$OVERNIGHT_ATTEMPT"
)
CAPSULE = f"""\
#!/bin/sh
# In the manner of HAL: three sleepers, an agent executed into the first, and a wait for its end.
echo "$1 $OVERNIGHT_ATTEMPT" >> starts.txt
[ "$OVERNIGHT_ATTEMPT" -gt 1 ] && exit 0
for c in a b c; do
  docker run -d --network=none --cpus=0.2 {LABELS} --name "$PREFIX-$1$c" "$IMAGE" tail -f /dev/null >/dev/null
done
if [ "$1" -le 3 ]; then
  docker exec -d "$PREFIX-$1a" sh -c 'while :; do :; done'
elif [ "$1" -le 20 ]; then
  docker exec "$PREFIX-$1a" sh -c 'echo "torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB" > /workspace/error.log; exit 1'
  [ "$1" -ge 18 ] && docker exec "$PREFIX-$1b" sh -c 'echo x > /workspace/error.log; exit 1'
fi
touch "made-$1"
docker wait "$PREFIX-$1a" >/dev/null
echo "ERROR: the container is gone" >&2
exit 1
"""

RUNNER = f"""\
#!/bin/bash
make() {{
  docker run -d --network=none --cpus=0.2 {LABELS} --name "$PREFIX-$1" "$IMAGE" tail -f /dev/null >/dev/null
  [ "$1" -le 3 ] && docker exec -d "$PREFIX-$1" sh -c 'while :; do :; done'
}}
export -f make
seq 60 | xargs -P 6 -I{{}} bash -c 'make {{}}'
touch made
sleep 600
"""


def advice(night: Night) -> list[dict[str, Any]]:
    return list(night.status()["advice"])


def test_dead_containers_are_killed_and_their_tasks_run_again(night: Night) -> None:
    with lab() as here:
        here.run("bystander", "tail", "-f", "/dev/null")
        prefix = here.name("run")
        (night.place / "capsule.sh").write_text(CAPSULE)
        night.write(
            "batch: night\n"
            "groups:\n"
            "  corebench:\n"
            "    parallel: 20\n"
            "    retry: {base: 200ms, jitter: 0s..50ms}\n"
            f"    env: {{PREFIX: {prefix}, IMAGE: '{IMAGE}'}}\n"
            f'    containers: "{prefix}-*"\n'
            "    run: sh capsule.sh {n}\n"
            f"    for: {{n: {json.dumps([str(n) for n in range(1, 21)])}}}\n"
        )
        night.detach()
        until_sync(lambda: len(list(night.place.glob("made-*"))) == 20, timeout_s=300.0)
        # Three tasks work, and there is room for what waits in between: 5; 4 where no core is free.
        until_sync(
            lambda: any(4 <= one["suggested"] <= 6 for one in advice(night)), timeout_s=150.0
        )
        (one,) = advice(night)
        assert (one["group"], one["parallel"], one["knob"]) == ("corebench", 20, "parallel")
        assert " of 60 containers idle for " in one["why"]

        dead = {f"run-{n}a" for n in range(4, 21)} | {f"run-{n}b" for n in range(18, 21)}

        def listed() -> set[str]:
            told = night.overnight("kill-container", "--dead", "--dry-run").stdout
            return {line.split()[0].removeprefix(f"{here.prefix}-") for line in told.splitlines()}

        until_sync(lambda: listed() == dead, timeout_s=60.0)
        night.overnight("parallel", "--advice", code=0)
        assert night.status()["groups"][0]["parallel"] == one["suggested"]
        night.overnight("kill-container", "--dead", "--yes", code=0)
        assert set(here.left()) == {f"run-{n}{c}" for n in range(1, 21) for c in "abc"} - dead | {
            "bystander"
        }
        until_sync(lambda: list(night.phases().values()).count("succeeded") == 17, timeout_s=60.0)
        assert sorted(night.starts()[i] for i in range(0, len(night.starts()), 2)) == sorted(
            [str(n) for n in range(1, 21)] + [str(n) for n in range(4, 21)]
        )
        kept = night.state / "tasks/corebench/4/attempt-1/containers" / f"{prefix}-4a"
        assert "CUDA out of memory" in (kept / "inside/error.log").read_text()
        assert {"inspect.json", "output.log"} <= {path.name for path in kept.iterdir()}
        why = night.overnight("why", "corebench/4", code=0).stdout
        assert "cuda_oom" in why
        assert "saved: error.log, output.log, inspect.json" in why
        night.overnight("stop", "--yes", code=0)
        night.overnight("wait", "night")
        until_sync(lambda: not any(name.endswith("a") for name in here.left()), timeout_s=60.0)
        assert "nothing to sweep" not in night.overnight("sweep", "--dry-run", code=0).stdout
        night.overnight("sweep", "--yes", code=0)
        assert here.left() == ["bystander"]
        assert "nothing to sweep" in night.overnight("sweep", "--yes", code=0).stdout


def test_the_knob_inside_of_one_runner_is_advised_and_a_colleague_let_alone(night: Night) -> None:
    with lab() as here:
        prefix = here.name("run")
        here.run("run-colleague", "tail", "-f", "/dev/null")
        (night.place / "runner.sh").write_text(RUNNER)
        night.write(
            "batch: night\n"
            f"env: {{PREFIX: {prefix}, IMAGE: '{IMAGE}'}}\n"
            f'containers: "{prefix}-*"\n'
            "inner: {knob: capsules, start: 20, min: 1, apply: restart}\n"
            "tasks: [{id: hal, run: 'bash runner.sh --max-parallel-capsules {capsules}'}]\n"
        )
        night.detach()
        until_sync((night.place / "made").exists, timeout_s=300.0)
        until_sync(lambda: bool(advice(night)), timeout_s=150.0)
        (one,) = advice(night)
        assert (one["knob"], one["parallel"]) == ("capsules", 20)
        assert 4 <= one["suggested"] <= 6

        name = here.name("run-colleague")
        refused = night.overnight("kill-container", f"{prefix}-c*", "--yes")
        assert refused.returncode == 1
        assert (
            f"left alone, for nothing proves that they are of this batch: {name}" in refused.stdout
        )
        refused = night.overnight("kill-container", f"{prefix}-c*", "--unowned", "--yes")
        assert "wants each whole name" in refused.stderr
        night.overnight("stop", "--yes", code=0)
        night.overnight("wait", "night")
        until_sync(lambda: here.left() == ["run-colleague"], timeout_s=90.0)
        assert name in night.overnight("sweep", "--yes", code=0).stdout
        assert here.left() == ["run-colleague"]
        assert docker("inspect", "-f", "{{.State.Running}}", name) == "true"
