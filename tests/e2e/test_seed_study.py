"""A study of quantized models: CUDA errors make an experiment smaller, and never end the study."""

import json
import signal
from collections import Counter

import pytest

from tests.e2e.night import Night, batch
from tests.e2e.runners.runs import Run
from tests.e2e.seeds import failed, headless, launches, report, runner, summary, why
from tests.support import until_sync

pytestmark = pytest.mark.timeout(300)

LADDER = "{after: [cuda_oom, cuda_error], knob: batch_size, start: 32, factor: 0.5, min: 1"
TO_CPU = LADDER + ", then: {env: {FORCE_CPU: '1'}}}"
RETRY = "retry: {attempts: 4, base: 100ms, factor: 1, cap: 1s, jitter: 0s..50ms}"


def study(groups: dict[str, tuple[str, list[str]]], *, top: str = "parallel: 1") -> str:
    """Return a batch file: group → its keys, and the words of its experiments."""
    lines = ["batch: night", top, RETRY, "groups:"]
    for order, (group, (keys, experiments)) in enumerate(groups.items()):
        lines += [f"  {group}:", f"    order: {order}", *(["    " + keys] if keys else [])]
        lines.append("    tasks:")
        lines += [
            f'      - {{id: e{number}, run: "{runner("study.py")} {words} {{batch_size}}"}}'
            for number, words in enumerate(experiments)
        ]
    return "\n".join(lines) + "\n"


def settings(tries: list[Run]) -> list[str]:
    return [f"{run.said['batch_size']}{' cpu' * (run.said['cpu'] == 'True')}" for run in tries]


def test_an_error_makes_it_smaller_down_to_one_and_then_to_the_cpu(night: Night) -> None:
    night.write(
        study(
            {
                "qwen_8bit": (f"degrade: {TO_CPU}", ["8 32", "0 64"]),
                "gemma": ("degrade: " + TO_CPU, ["32 0"]),
            }
        )
    )
    night.run(code=0)
    found = launches(night)
    assert settings(found["qwen_8bit/e0"]) == ["32", "32", "16", "8"]
    assert settings(found["qwen_8bit/e1"]) == ["32", "32", "16", "8", "4", "2", "1", "1 cpu"]
    assert settings(found["gemma/e0"]) == ["32"]
    assert {run.said["before"] for tries in found.values() for run in tries} == {"none", "gone"}
    reasons = why(night, "qwen_8bit/e1")
    for step in (
        "32 -> batch_size 16",
        "2 -> batch_size 1",
        "1 -> batch_size 1 with FORCE_CPU set",
    ):
        assert step in reasons
    assert failed(night) == []


BROKEN = (
    f"degrade: {LADDER.replace('start: 32', 'start: 2')}, then: fail}}\n"
    "    errors: {cuda_error: {attempts: 1}}\n"
    "    breaker: {consecutive: 5, then: abort}"
)
FAILED = [f"qwen_8bit/e{number}" for number in range(1, 6)]
ABORTED = [f"qwen_8bit/e{number}" for number in range(6, 9)]


def test_five_in_a_row_abort_a_group_and_the_study_goes_on(night: Night) -> None:
    night.write(
        study(
            {
                "gemma": (f"degrade: {TO_CPU}", ["32 0", "32 0"]),
                "qwen_8bit": (BROKEN, ["32 0", *["0 32"] * 8]),
                "phi": (f"degrade: {TO_CPU}", ["32 0", "16 50"]),
            }
        )
    )
    night.run(code=1)
    found = launches(night)
    assert {task: settings(tries) for task, tries in found.items() if "qwen" in task} == {
        "qwen_8bit/e0": ["2"],
        # Three alike teach the group to begin below; each of them may still fail at the end.
        **{task: ["2", "1"] for task in FAILED[:3]},
        **{task: ["1"] for task in FAILED[3:]},
    }
    assert settings(found["phi/e1"]) == ["32", "32", "16"]
    phases = night.phases()
    assert {task for task, phase in phases.items() if phase == "aborted"} == set(ABORTED)
    assert {task for task, phase in phases.items() if phase == "failed"} == set(FAILED)
    assert sum(phase == "succeeded" for phase in phases.values()) == 5
    kept_what_there_is(night)


def kept_what_there_is(night: Night) -> None:
    """Check the partial results, the evidence of each failure, and the lists of what failed."""
    for task in FAILED:
        rows = json.loads((night.place / f"{task.replace('/', '_')}.predictions.json").read_text())
        assert len(rows) == 32
        directory = night.state / "tasks" / task
        state = json.loads((directory / "state.json").read_text())
        assert (state["phase"], state["class"]) == ("failed", "cuda_error")
        assert state["progress"] == [32, 100]
        assert "invalid configuration argument at line 380" in state["cause"]
        log = (directory / "error.log").read_text()
        assert 'executor.py", line 189' in log
        assert "batch_size 1 is the end of its ladder" in log
    assert [one["task"] for one in failed(night)] == FAILED
    listed = json.loads((night.state / "qwen_8bit_failed_tasks.json").read_text())
    assert [one["task"] for one in listed] == FAILED + ABORTED
    assert "aborted: 5 consecutive failures" in why(night, ABORTED[0])
    assert "| qwen_8bit | aborted | 1/9 | 5 | 3 |" in report(night)
    errors = [one for one in summary(night)["results"] if one["status"] == "error"]
    assert [one["test_id"] for one in errors] == FAILED + ABORTED


def test_an_interrupt_is_no_failure_and_force_runs_a_part_again(night: Night) -> None:
    waits = "while [ ! -e go ]; do sleep 0.05; done"
    group = {"nq_8bit": "true", "nq_4bit": "true", "trivia_8bit": waits}
    night.write(batch({"g": group}, top="parallel: 1"))
    with headless(night) as process:
        until_sync(lambda: len(night.starts()) == 3, timeout_s=60)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    assert failed(night) == []
    (night.place / "go").touch()
    night.run(code=0)
    assert "cost no attempt" in why(night, "g/trivia_8bit")
    assert Counter(night.starts()) == {"g/nq_8bit": 1, "g/nq_4bit": 1, "g/trivia_8bit": 2}
    night.run("--force", "--filter", "*_8bit", code=0)
    assert Counter(night.starts()) == {"g/nq_8bit": 2, "g/nq_4bit": 1, "g/trivia_8bit": 3}
