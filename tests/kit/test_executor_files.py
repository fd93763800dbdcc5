"""What an experiment leaves on disk, and that a study survives each of them."""

import json
import resource
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from supervisor.kit.errors import CheckpointError, InputChangedError
from supervisor.kit.executor import ResilientExecutor
from supervisor.kit.executor_files import Experiment, State, run_experiment

if TYPE_CHECKING:
    from collections.abc import Callable

CUDA = "Error invalid configuration argument at line 380 in file /src/csrc/ops.cu"
FACTS = {"Model": "hf:Qwen/Qwen2.5-7B-Instruct", "Quantization": "8bit"}


class Study:
    """Runs one experiment of 100 like questions; ``asked`` has each question that the model met."""

    def __init__(self, place: Path) -> None:
        self.place = place / "qwen_8bit"
        self.asked: list[int] = []
        self.fails: Callable[[list[int]], BaseException | None] = lambda batch: None
        self.loaded = 0

    def load(self) -> ResilientExecutor:
        self.loaded += 1
        return ResilientExecutor(self.predict)

    def predict(self, batch: list[dict[str, int]]) -> list[str]:
        numbers = [question["number"] for question in batch]
        if (error := self.fails(numbers)) is not None:
            raise error
        self.asked += numbers
        return ["answer"] * len(batch)

    def run(self, *, facts: dict[str, str] | None = None, **options: Any) -> State:
        questions = [{"number": number} for number in range(100)]
        experiment = Experiment(
            directory=self.place, questions=questions, executor=self.load, facts=facts or FACTS
        )
        return run_experiment(experiment, **options)

    def read(self, name: str) -> Any:
        return json.loads((self.place / name).read_text())


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return Study(tmp_path)


def test_a_broken_model_leaves_32_predictions_68_marks_and_the_error(study: Study) -> None:
    study.fails = lambda batch: RuntimeError(CUDA) if batch[-1] >= 32 else None
    assert study.run() == "failed"
    assert study.read("state.json") == {
        "phase": "failed",
        "error": f"RuntimeError: {CUDA}",
        "predictions_complete": 32,
        "predictions_failed": 68,
        "total_questions": 100,
    }
    document = study.read("predictions.json")
    assert document["experiment"] == "qwen_8bit"
    rows = document["predictions"]
    assert [row["idx"] for row in rows] == list(range(100))
    assert rows[31] == {"idx": 31, "prediction": "answer", "error": None}
    assert rows[32] == rows[99] | {"idx": 32}
    assert rows[32]["prediction"] == "[ABORTED: 5 consecutive failures]"
    assert rows[32]["error"] == f"RuntimeError: {CUDA}"
    log = (study.place / "error.log").read_text()
    assert log.startswith(
        f"Error: RuntimeError: {CUDA}\n\nExperiment: qwen_8bit\nModel: {FACTS['Model']}\n"
        "Quantization: 8bit\n\nTraceback"
    )
    assert "in predict" in log


def test_it_is_resumed_without_what_is_done_and_asked_again_on_request(study: Study) -> None:
    study.fails = lambda batch: RuntimeError(CUDA) if batch[-1] >= 32 else None
    study.run()
    study.fails = lambda batch: None
    assert study.run() == "failed"
    assert study.loaded == 1, "nothing was to be done: no model was loaded"
    assert study.run(retry_failed=True) == "complete"
    assert study.asked == list(range(100))
    assert study.read("state.json")["predictions_complete"] == 100
    assert {row["error"] for row in study.read("predictions.json")["predictions"]} == {None}


def test_one_item_that_fails_does_not_fail_the_experiment(study: Study) -> None:
    study.fails = lambda batch: ValueError("too long") if 40 in batch else None
    assert study.run() == "complete"
    row = study.read("predictions.json")["predictions"][40]
    assert row["prediction"] == "[ERROR: ValueError: too long]"
    assert study.read("state.json")["predictions_failed"] == 1


def test_a_model_that_does_not_load_fails_its_experiment_alone(study: Study) -> None:
    def load() -> ResilientExecutor:
        raise RuntimeError("CUDA error: no kernel image is available")

    study.load = load  # type: ignore[method-assign]
    assert study.run() == "failed"
    state = study.read("state.json")
    assert (state["phase"], state["predictions_complete"]) == ("failed", 0)
    assert "no kernel image" in (study.place / "error.log").read_text()


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_is_no_failure_and_repeats_only_what_was_at_work(
    study: Study, interrupt: type[BaseException]
) -> None:
    study.fails = lambda batch: interrupt() if batch[0] >= 64 else None
    with pytest.raises(interrupt):
        study.run()
    state = study.read("state.json")
    assert (state["phase"], state["error"], state["predictions_complete"]) == (
        "interrupted",
        None,
        64,
    )
    assert len(study.read("predictions.json")["predictions"]) == 64
    study.fails = lambda batch: None
    assert study.run() == "complete"
    assert study.asked == list(range(100))


def test_force_asks_all_again_and_keeps_what_there_was(study: Study) -> None:
    study.run()
    study.run(force=True)
    assert study.run() == "complete"
    assert study.asked == [*range(100), *range(100)]
    assert (study.place / "predictions.old-1.jsonl").exists()
    study.run(force=True)
    assert (study.place / "predictions.old-2.jsonl").exists()


def test_other_facts_are_refused(study: Study) -> None:
    study.run()
    with pytest.raises(InputChangedError, match="Quantization was '8bit'"):
        study.run(facts=FACTS | {"Quantization": "4bit"})


@pytest.mark.parametrize("size_limit", [100, 300, 1000, 2500, 4000, 5500])
def test_a_disk_that_is_full_at_any_time_costs_only_the_batch_at_work(
    study: Study, size_limit: int
) -> None:
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_limit, hard))
    try:
        with pytest.raises(CheckpointError):
            study.run()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    before = len(study.asked)
    assert study.run() == "complete"
    assert len(study.asked) - 100 <= 32, (before, size_limit)
    assert set(study.asked) == set(range(100))
    assert study.read("state.json")["predictions_complete"] == 100
