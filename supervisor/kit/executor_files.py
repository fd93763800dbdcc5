"""An experiment of a study: its predictions, state and error on disk, and no way to end the study.

In its directory: ``predictions.jsonl`` (each prediction the moment it is made; resuming reads it),
``predictions.json`` and ``state.json`` made from that, and after a failure ``error.log``.
"""

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from supervisor.kit.errors import CheckpointError, KitError
from supervisor.kit.executor import ResilientExecutor, free_gpu_memory
from supervisor.kit.executor_report import ItemOutcome, prediction_of
from supervisor.kit.faults import told
from supervisor.kit.files import StrPath, write_json
from supervisor.kit.results import Changed
from supervisor.kit.work import Run, run

State = Literal["running", "complete", "failed", "interrupted"]

_ABORTED = "[ABORTED: "
_RECORD = "predictions.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """One experiment of a study, in ``directory``.

    ``executor`` loads the model and returns what runs it; it is called only when there is something
    to do. ``facts`` are what predictions depend on and what ``error.log`` shows, such as
    ``{"Model": "hf:google/gemma-2b-it", "Quantization": "8bit"}``.
    """

    directory: StrPath
    questions: Sequence[Any]
    executor: Callable[[], ResilientExecutor]
    facts: Mapping[str, str]


def run_experiment(
    experiment: Experiment,
    *,
    retry_failed: bool | None = None,
    force: bool = False,
    changed: Changed = "refuse",
) -> State:
    """Make the predictions that are missing; ``failed`` is an answer, so that the study goes on.

    Questions that failed are asked again with ``retry_failed`` (default: when ``KIT_RETRY_FAILED=1``).
    ``force`` asks all again and keeps what there was in a file beside. ``changed``: as in ``kit.run``.

    Raises:
        KitError: predictions cannot be recorded (a full disk), or belong to other facts.
        KeyboardInterrupt: the user's, as any exit; ``state.json`` says ``interrupted`` then.
    """
    place = Path(experiment.directory)
    if force:
        _set_aside(place / _RECORD)
    recording = run(
        place / _RECORD,
        settings=dict(experiment.facts),
        changed=changed,
        retry_failed=retry_failed,
        key=_index,
    )
    with recording:
        artifacts = _Artifacts(place, experiment, recording)
        try:
            error = _predict(experiment, recording, artifacts)
        except BaseException:
            # A full disk refuses these too; what interrupts is the news, not that.
            with suppress(CheckpointError):
                artifacts.predictions()
                artifacts.state("interrupted", None)
            raise
        return artifacts.finish(error)


def _predict(
    experiment: Experiment, recording: Run, artifacts: "_Artifacts"
) -> tuple[str, str] | None:
    """Ask what is left; return the error and the traceback that ended it, if any did."""
    left = recording.left(list(enumerate(experiment.questions)))
    if not left:
        return None

    def record(outcome: ItemOutcome) -> None:
        question = left[outcome.index]
        if outcome.status == "done":
            recording.done(question, outcome.value)
        else:
            text = outcome.recorded_error
            recording.failed(question, text, error_class=outcome.error_class)

    artifacts.state("running", None)
    try:
        executor = experiment.executor()
        report = executor.run([question for _, question in left], on_outcome=record)
    except KitError:
        raise
    except Exception as error:  # noqa: BLE001 - a study outlives its experiments; it is written down
        found = told(error)
        traceback.clear_frames(error.__traceback__)
    else:
        return None if report.last_error is None else (report.last_error, report.last_trace)
    free_gpu_memory()
    return found


class _Artifacts:
    """Writes the files that are made from the record."""

    def __init__(self, place: Path, experiment: Experiment, recording: Run) -> None:
        self._place = place
        self._experiment = experiment
        self._recording = recording

    def state(self, phase: State, error: str | None) -> None:
        counts = self._recording.counts
        document = {
            "phase": phase,
            "error": error,
            "predictions_complete": counts.done,
            "predictions_failed": counts.failed,
            "total_questions": len(self._experiment.questions),
        }
        write_json(self._place / "state.json", document)

    def finish(self, error: tuple[str, str] | None) -> State:
        """Write all files; whether it failed is said by the record, so that a resume says the same."""
        given_up = self.predictions()
        nothing = not self._recording.counts.done and bool(self._experiment.questions)
        text, trace = error or (given_up or "no question was answered", "")
        if not (given_up or nothing or self._is_incomplete()):
            self.state("complete", None)
            return "complete"
        self.state("failed", text)
        if error is not None:
            self._log(text, trace)
        return "failed"

    def predictions(self) -> str | None:
        """Write ``predictions.json``; return the error of a question that was given up."""
        given_up, rows = None, dict[int, dict[str, object]]()
        for one in self._recording.outcomes():
            index, words, error = int(one.key), one.result, one.error
            if error is not None:
                given_up = error if error.startswith(_ABORTED) else given_up
                words, error = prediction_of(error)
            rows[index] = {"idx": index, "prediction": words, "error": error}
        document = {
            "experiment": self._place.resolve().name,
            "predictions": [rows[index] for index in sorted(rows)],
        }
        write_json(self._place / "predictions.json", document)
        return given_up and prediction_of(given_up)[1]

    def _is_incomplete(self) -> bool:
        counts = self._recording.counts
        return counts.done + counts.failed < len(self._experiment.questions)

    def _log(self, text: str, trace: str) -> None:
        facts = {"Experiment": self._place.resolve().name, **self._experiment.facts}
        told = "".join(f"{name}: {value}\n" for name, value in facts.items())
        log = self._place / "error.log"
        try:
            log.write_text(f"Error: {text}\n\n{told}\n{trace}")
        except OSError as error:
            raise CheckpointError(f"{log}: {error.strerror}") from error


def _index(question: tuple[int, Any]) -> str:
    """Name a question by its place, as two may read alike."""
    return str(question[0])


def _set_aside(record: Path) -> None:
    number = 1
    while (old := record.with_name(f"predictions.old-{number}.jsonl")).exists():
        number += 1
    with suppress(FileNotFoundError):
        record.rename(old)
