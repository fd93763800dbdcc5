"""A study of quantized models that no CUDA error can end: ``study.py SCENARIO``.

The model is made up, its GPU fails as bitsandbytes does. Look at ``outputs/SCENARIO/`` afterwards:
``predictions.jsonl``, ``predictions.json``, ``state.json`` and, where it failed, ``error.log``.
"""

import sys
from pathlib import Path

from supervisor import kit

QUESTIONS = [f"Question {number}?" for number in range(100)]
FAULT = "Error invalid configuration argument at line 380 in file /src/csrc/ops.cu"
FATAL = "CUDA error: device-side assert triggered"


class Model:
    """Answers batches of questions, unless its GPU is as the scenario says."""

    def __init__(self, scenario: str) -> None:
        self.scenario = scenario
        self.batches = 0
        self.answered = 0

    def batch_answer(self, questions: list[str]) -> list[str]:
        """Return an answer for each question; RuntimeError where the GPU fails."""
        self.batches += 1
        print(f"batch {self.batches}: {len(questions)} questions", flush=True)
        if self.scenario == "occasional" and self.batches == 2:
            raise RuntimeError(FAULT)
        if self.scenario == "systematic" and self.answered >= 32:
            raise RuntimeError(FAULT)
        if self.scenario == "broken":
            raise RuntimeError(FATAL)
        self.answered += len(questions)
        return [question.replace("Question", "Answer to") for question in questions]


def main() -> int:
    """Run one experiment; the others of the study are other tasks."""
    scenario = sys.argv[1]
    place = Path("outputs", scenario)
    experiment = kit.Experiment(
        directory=place,
        questions=QUESTIONS,
        # Called only when there is something to do: a resumed experiment loads no model in vain.
        executor=lambda: kit.ResilientExecutor(
            Model(scenario).batch_answer,
            batch_size=32,
            min_batch_size=1,
            max_consecutive_failures=5,
            on_cleanup=kit.free_gpu_memory,
        ),
        facts={"Model": f"made-up/{scenario}", "Quantization": "8bit"},
    )
    phase = kit.run_experiment(experiment)
    if phase == "failed":
        print((place / "error.log").read_text(), file=sys.stderr)
    return int(phase != "complete")


if __name__ == "__main__":
    sys.exit(main())
