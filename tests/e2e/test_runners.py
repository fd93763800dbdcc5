"""Runners whose exit code says nothing: their results decide, and a second attempt goes on."""

import json
from pathlib import Path

from tests.e2e.night import Night

HAL = """#!/bin/sh
# Writes what the HAL harness writes: one line for each task that has ended.
run=night_1; again=
while [ $# -gt 0 ]; do
  case $1 in --run_id) run=$2; shift;; --continue_run) again=1;; esac
  shift
done
place=results/bench/$run
mkdir -p "$place"
if [ -z "$again" ]; then
  echo '{"t1": "diff --git a b"}' >> "$place/${run}_RAW_SUBMISSIONS.jsonl"
  echo '{"t2": "ERROR: openai.InternalServerError: Error code: 503 - overloaded"}' \\
    >> "$place/${run}_RAW_SUBMISSIONS.jsonl"
else
  echo '{"t2": "diff --git a b"}' >> "$place/${run}_RAW_SUBMISSIONS.jsonl"
fi
echo '{}' > "$place/${run}_UPLOAD.json"
"""

BATCH = """
batch: night
retry: {attempts: 2, base: 200ms, factor: 1, cap: 1s, jitter: 0s..50ms}
groups:
  hal: {tasks: [{id: a, run: ./hal-eval --benchmark bench}]}
  own:
    success: {files: ["out/{name}.json"], markers: [all done]}
    tasks:
      - {id: good, for: {name: [x]}, run: "mkdir -p out; echo 1 > out/x.json; echo all done"}
      - {id: bad, for: {name: [y]}, run: "echo all done"}
"""


def test_results_decide_and_a_second_attempt_goes_on(tmp_path: Path, own_home: Path) -> None:
    night = Night(tmp_path, own_home)
    (tmp_path / "hal-eval").write_text(HAL)
    (tmp_path / "hal-eval").chmod(0o755)
    night.write(BATCH)
    try:
        night.run(code=1)
        assert night.phases() == {
            "hal/a": "succeeded",
            "own/good": "succeeded",
            "own/bad": "failed",
        }
    finally:
        night.stop()
    told = night.overnight("why", "hal/a", code=0).stdout
    assert "server_error: the server failed: ERROR: openai.InternalServerError" in told
    spec = json.loads((night.state / "tasks/hal/a/attempt-2/spec.json").read_text())
    assert spec["argv"][-1].endswith("./hal-eval --benchmark bench --continue_run --run_id night_1")
    (failed,) = json.loads(night.overnight("failed", "--json", code=0).stdout)
    assert "out/y.json" in failed["cause"]
