"""The examples of the kit, each under a real engine, and killed in the middle."""

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.night import Night, is_alive
from tests.e2e.seeds import failed
from tests.support import until_sync

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "configs" / "examples"

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(autouse=True)
def _beside_the_examples(night: Night) -> None:
    for path in EXAMPLES.iterdir():
        if path.is_file():
            shutil.copy(path, night.place)
    night.environment["PYTHONPATH"] = str(ROOT)
    night.environment["PATH"] = f"{Path(sys.executable).parent}:{night.environment['PATH']}"


def run(night: Night, name: str, *, code: int) -> None:
    """Run an example to its end."""
    text = (night.place / f"{name}.yaml").read_text()
    night.write(text.replace(f"batch: {name}", "batch: night"))
    night.run(code=code)


def document(path: Path) -> Any:
    return json.loads(path.read_text())


def test_a_study_keeps_32_of_100_predictions_marks_68_and_goes_on(night: Night) -> None:
    run(night, "study", code=1)
    assert night.phases() == {
        "night/occasional": "succeeded",
        "night/systematic": "failed",
        "night/broken": "failed",
    }
    told = document(night.state / "tasks/night/systematic/state.json")
    assert (told["progress"], told["items_failed"]) == ([32, 100], 68)
    assert {row["task"]: row["class"] for row in failed(night)} == {
        "night/systematic": "cuda_error",
        "night/broken": "cuda_error",
    }
    kept = {
        name: document(night.place / "outputs" / name / "predictions.json")["predictions"]
        for name in ("occasional", "systematic", "broken")
    }
    assert {
        name: Counter(row["error"] is None for row in found) for name, found in kept.items()
    } == {
        "occasional": {True: 100},
        "systematic": {True: 32, False: 68},
        "broken": {False: 100},
    }
    assert kept["systematic"][32] == {
        "idx": 32,
        "prediction": "[ABORTED: 5 consecutive failures]",
        "error": "RuntimeError: Error invalid configuration argument at line 380 in file"
        " /src/csrc/ops.cu",
    }
    state = document(night.place / "outputs" / "systematic" / "state.json")
    assert (state["phase"], state["predictions_complete"], state["total_questions"]) == (
        "failed",
        32,
        100,
    )
    log = (night.place / "outputs" / "systematic" / "error.log").read_text()
    assert "Quantization: 8bit" in log
    assert 'study.py", line' in log
    assert not (night.place / "outputs" / "occasional" / "error.log").exists()
    said = (night.state / "tasks/night/occasional/attempt-1/stdout.log").read_text()
    assert [int(line.split()[2]) for line in said.splitlines()] == [32, 32, 16, 16, 32, 4]


def sent(place: Path) -> list[int]:
    """Return how many requests each batch had that the API took."""
    paths = [place / "api" / f"batch-{number}.json" for number in range(20)]
    return [len(document(path)["ids"]) for path in paths if path.exists()]


def check_staged(place: Path) -> None:
    """Check that nothing was sent twice, and what the manifest says."""
    assert sent(place) == [100, 10, 3, 99, 2]
    stages = document(place / "manifest.json")["failed_requests"]["math-paraphrase"]
    assert stages["stage_1"] == {
        "final_failed_ids": ["stage1-000"],
        "total_failures": 10,
        "recovered_by_retry": 9,
        "retry_attempts": 2,
        "errors": {"stage1-000": "server_error: try again"},
        "retry_batch_ids": ["batch-1", "batch-2"],
        "retry_status": "exhausted",
    }
    assert stages["stage_2"]["retry_status"] == "completed"
    assert stages["stage_2"]["recovered_by_retry"] == 2


def test_of_100_requests_10_fail_then_3_then_1(night: Night) -> None:
    run(night, "staged", code=0)
    check_staged(night.place)
    said = (night.state / "tasks/night/math-paraphrase/attempt-1/stdout.log").read_text()
    assert json.loads(said) == {"asked": 100, "answered": 99, "judged": 99}


def started(night: Night, script: str) -> "subprocess.Popen[str]":
    """Start an example by itself, as it is without a supervisor."""
    return subprocess.Popen(
        [sys.executable, script],
        cwd=night.place,
        env=night.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def await_batches(night: Night, process: "subprocess.Popen[str]", many: int) -> None:
    until_sync(lambda: process.poll() is not None or len(sent(night.place)) >= many)


def test_killed_at_any_time_a_staged_run_sends_nothing_twice(night: Night) -> None:
    luck, kills = random.Random(3), 0
    for batches in (1, 2, 3, 4, 5):
        with started(night, "staged.py") as process:
            await_batches(night, process, batches)
            time.sleep(luck.uniform(0.0, 0.1))  # so the moment of the kill differs
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    with started(night, "staged.py") as process:
        assert process.wait() == 0, process.stderr and process.stderr.read()
    assert kills > 1
    check_staged(night.place)


def begun(place: Path) -> Counter[str]:
    """Return how often each subtest was begun."""
    paths = (place / "results" / "T5").glob("*/begun.txt")
    return Counter({path.parent.name: len(path.read_text().split()) for path in paths})


def results(place: Path) -> list[dict[str, Any]]:
    """Return the outcomes that are recorded, in their order."""
    path = place / "results" / "T5.jsonl"
    lines = path.read_text().splitlines()[1:] if path.exists() else []
    return [json.loads(line) for line in lines]


ALL = [f"{number:02}" for number in range(1, 16)]


def test_fifteen_subtests_survive_a_crash_and_a_limit(night: Night) -> None:
    run(night, "subtests", code=0)
    found = results(night.place)
    assert Counter(row["item"] for row in found) == {str(int(name)): 1 for name in ALL}
    assert [row["result"] for row in found] == [{"score": 1.0}] * 15
    refused = {
        path.relative_to(night.place / "results/T5").parts[0]
        for path in (night.place / "results/T5").glob("*/.failed/*/agent/result.json")
    }
    assert refused
    again = {name for name, times in begun(night.place).items() if times > 1}
    assert again == refused | {"07"}


def await_results(night: Night, process: "subprocess.Popen[str]", many: int) -> None:
    until_sync(
        lambda: process.poll() is not None or len(results(night.place)) >= many, timeout_s=60
    )


def test_killed_at_any_time_a_pool_repeats_only_what_was_at_work(night: Night) -> None:
    kills = 0
    for enough in (1, 4, 9):
        with started(night, "subtests.py") as process:
            await_results(night, process, enough)
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    with started(night, "subtests.py") as process:
        assert process.wait() == 0, process.stderr and process.stderr.read()
    found = Counter(row["item"] for row in results(night.place))
    assert found == {str(int(name)): 1 for name in ALL}
    refusals = len(list((night.place / "results/T5").glob("*/.failed/*")))
    again = begun(night.place).total() - 15
    assert again <= refusals + 1 + 5 * kills, "refused, crashed, or at one of five workers"


LONG = """
import os, time
from pathlib import Path
from supervisor import kit

def work(number):
    if number > 2:
        Path(f"pid-{number}").write_text(str(os.getpid()))
        time.sleep(600)
    return number

if __name__ == "__main__":
    with kit.run("results/T5.jsonl") as run, kit.ResilientPool(2) as pool:
        for outcome in pool.each(work, run.left([1, 2, 3, 4]), run=run):
            pass
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_workers_end_with_the_runner(night: Night, number: signal.Signals) -> None:
    (night.place / "long.py").write_text(LONG)
    paths = [night.place / f"pid-{item}" for item in (3, 4)]
    with started(night, "long.py") as process:
        until_sync(lambda: all(path.exists() and path.read_text() for path in paths))
        process.send_signal(number)
        assert process.wait(30) == -number
    for path in paths:
        await_end(int(path.read_text()))
    assert sorted(row["item"] for row in results(night.place)) == ["1", "2"]
    assert {"error" in row for row in results(night.place)} == {False}


def await_end(pid: int) -> None:
    until_sync(lambda: not is_alive(pid))


STUDY = """
import time
from pathlib import Path
from supervisor import kit

def predict(batch):
    time.sleep(0.05)
    with Path("asked.txt").open("a") as lines:
        lines.write("".join(f"{question}\\n" for question in batch))
    return ["answer"] * len(batch)

if __name__ == "__main__":
    experiment = kit.Experiment(
        directory="out",
        questions=list(range(200)),
        executor=lambda: kit.ResilientExecutor(predict, batch_size=8),
        facts={"Model": "m"},
    )
    assert kit.run_experiment(experiment) == "complete"
"""


def test_killed_at_any_time_an_experiment_repeats_only_the_batch_at_work(night: Night) -> None:
    (night.place / "study.py").write_text(STUDY)
    asked, luck, kills = night.place / "asked.txt", random.Random(5), 0
    for _ in range(6):
        with started(night, "study.py") as process:
            await_more(asked, process, luck.randrange(1, 40))
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    with started(night, "study.py") as process:
        assert process.wait() == 0, process.stderr and process.stderr.read()
    counts = Counter(asked.read_text().split())
    assert len(counts) == 200
    assert kills > 2
    assert counts.total() - 200 <= 8 * kills
    state = document(night.place / "out" / "state.json")
    assert (state["phase"], state["predictions_complete"]) == ("complete", 200)
    rows = document(night.place / "out" / "predictions.json")["predictions"]
    assert [row["idx"] for row in rows] == list(range(200))


def await_more(path: Path, process: "subprocess.Popen[str]", many: int) -> None:
    def lines() -> int:
        return len(path.read_text().split()) if path.exists() else 0

    enough = lines() + many
    until_sync(lambda: process.poll() is not None or lines() >= enough)
