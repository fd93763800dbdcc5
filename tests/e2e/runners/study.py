"""An experiment with a quantized model: 100 predictions, in batches that the GPU may refuse.

``study.py LARGEST DIES_AT BATCH_SIZE``: on the GPU batches above LARGEST are too much for it (0: all of
them are), met after DIES_AT predictions. With FORCE_CPU set there is no GPU to refuse anything.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import runs

LARGEST, DIES_AT, BATCH_SIZE = map(int, sys.argv[1:])
ON_CPU = os.environ.get("FORCE_CPU") == "1"
TASK = os.environ["OVERNIGHT_TASK"].replace("/", "_")
MEMORY = Path(f"{TASK}.gpu-memory")


def worker_before() -> str:
    """Tell whether a worker of the launch before still holds memory of the GPU."""
    if not MEMORY.exists():
        return "none"
    stat = Path(f"/proc/{MEMORY.read_text()}/stat")
    alive = stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"
    return "alive" if alive else "gone"


def predict() -> bool:
    """Make the predictions; tell whether the GPU let all of them pass."""
    fits = ON_CPU or BATCH_SIZE <= LARGEST
    done = 100 if fits else DIES_AT
    rows = [{"idx": number, "prediction": "answer", "error": None} for number in range(done)]
    Path(f"{TASK}.predictions.json").write_text(json.dumps(rows))
    bar = "#" * (done // 10)
    print(
        f"\rpredicting: {done:3d}%|{bar:<10}| {done}/100 [00:01<00:01, 50.0it/s]", file=sys.stderr
    )
    return fits


runs.began(batch_size=str(BATCH_SIZE), cpu=str(ON_CPU), before=worker_before())
code = 0
if not predict():
    # What real data loaders do: they outlive the process that died on its GPU.
    worker = subprocess.Popen(["sleep", "600"], stdout=subprocess.DEVNULL)
    MEMORY.write_text(str(worker.pid))
    print("Traceback (most recent call last):", file=sys.stderr)
    print('  File "ragicamp/execution/executor.py", line 189, in execute', file=sys.stderr)
    print(
        "RuntimeError: Error invalid configuration argument at line 380 in file /src/csrc/ops.cu",
        file=sys.stderr,
    )
    code = 1
runs.ended()
sys.exit(code)
