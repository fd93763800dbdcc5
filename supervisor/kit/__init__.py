"""What runner scripts import: items that are never lost, and word to the supervisor of how far they are.

``from supervisor import kit``. Works with no supervisor too. Nothing but the standard library and
``supervisor.core`` is used, and each name loads its module when it is first asked for.
"""

from importlib import import_module

TYPE_CHECKING = False  # to import `typing` would double what this costs
if TYPE_CHECKING:
    from supervisor.kit.batches import retry_failed_requests, run_batch_stage
    from supervisor.kit.batches_sender import BatchPace
    from supervisor.kit.batches_types import (
        BatchFailedError,
        BatchNotDoneError,
        BatchProvider,
        BatchRequest,
        BatchResult,
        BatchStatus,
        UncertainSubmissionError,
    )
    from supervisor.kit.detector import Cause, classify
    from supervisor.kit.errors import (
        BusyError,
        CheckpointError,
        InputChangedError,
        KitError,
        LimitWaitError,
    )
    from supervisor.kit.executor import ResilientExecutor, free_gpu_memory
    from supervisor.kit.executor_files import Experiment, run_experiment
    from supervisor.kit.executor_plan import Verdict
    from supervisor.kit.executor_report import ItemOutcome
    from supervisor.kit.files import read_json, write_json
    from supervisor.kit.limits import preflight, wait_for_limit
    from supervisor.kit.marks import Marks
    from supervisor.kit.pool import ResilientPool
    from supervisor.kit.pool_limits import Pause
    from supervisor.kit.pool_outcome import PoolOutcome
    from supervisor.kit.providers_anthropic import AnthropicBatches
    from supervisor.kit.providers_openai import OpenAIBatches
    from supervisor.kit.records import Outcome
    from supervisor.kit.results import Results
    from supervisor.kit.work import Counts, Run, run

__all__ = [
    "AnthropicBatches",
    "BatchFailedError",
    "BatchNotDoneError",
    "BatchPace",
    "BatchProvider",
    "BatchRequest",
    "BatchResult",
    "BatchStatus",
    "BusyError",
    "Cause",
    "CheckpointError",
    "Counts",
    "Experiment",
    "InputChangedError",
    "ItemOutcome",
    "KitError",
    "LimitWaitError",
    "Marks",
    "OpenAIBatches",
    "Outcome",
    "Pause",
    "PoolOutcome",
    "ResilientExecutor",
    "ResilientPool",
    "Results",
    "Run",
    "UncertainSubmissionError",
    "Verdict",
    "classify",
    "free_gpu_memory",
    "preflight",
    "read_json",
    "retry_failed_requests",
    "run",
    "run_batch_stage",
    "run_experiment",
    "wait_for_limit",
    "write_json",
]

# No module may have the name of something that is exported: the import would put it in its place.
_HOMES = {
    "AnthropicBatches": "providers_anthropic",
    "BatchFailedError": "batches_types",
    "BatchNotDoneError": "batches_types",
    "BatchPace": "batches_sender",
    "BatchProvider": "batches_types",
    "BatchRequest": "batches_types",
    "BatchResult": "batches_types",
    "BatchStatus": "batches_types",
    "BusyError": "errors",
    "Cause": "detector",
    "CheckpointError": "errors",
    "Counts": "work",
    "Experiment": "executor_files",
    "InputChangedError": "errors",
    "ItemOutcome": "executor_report",
    "KitError": "errors",
    "LimitWaitError": "errors",
    "Marks": "marks",
    "OpenAIBatches": "providers_openai",
    "Outcome": "records",
    "Pause": "pool_limits",
    "PoolOutcome": "pool_outcome",
    "ResilientExecutor": "executor",
    "ResilientPool": "pool",
    "Results": "results",
    "Run": "work",
    "UncertainSubmissionError": "batches_types",
    "Verdict": "executor_plan",
    "classify": "detector",
    "free_gpu_memory": "executor",
    "preflight": "limits",
    "read_json": "files",
    "retry_failed_requests": "batches",
    "run": "work",
    "run_batch_stage": "batches",
    "run_experiment": "executor_files",
    "wait_for_limit": "limits",
    "write_json": "files",
}


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return [*globals(), *__all__]
