"""Results of the HAL harness: one line of ``<run_id>_RAW_SUBMISSIONS.jsonl`` per finished task.

Format from ``hal/utils`` of princeton-pli/hal-harness: each line is ``{task_id: submission}``, and the
last line of a task counts. A submission that is a text beginning with ``ERROR`` failed, and is run again
by ``--continue_run``; one that says ``TIMEOUT after N seconds`` failed as well, though HAL itself counts
it as done. ``<run_id>_UPLOAD.json`` is written when the run was graded.
"""

import glob
from pathlib import Path

from supervisor.adapters.results.bounded import Unreadable, lines, record
from supervisor.adapters.results.choice import own, written
from supervisor.adapters.results.items import failed_items
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look

_LARGEST = 256 << 20
_SUFFIX = "_RAW_SUBMISSIONS.jsonl"
_FAILED = ("ERROR", "TIMEOUT")


def read(look: Look) -> ResultsSeen:
    """Return what the attempt's run says of its tasks.

    Raises:
        Unreadable: the submissions are too large, or may be another attempt's.
    """
    paths = own(look.globs, look, _run_id)
    if not paths:
        return ResultsSeen()
    path = paths[-1]
    errors = _errors(path)
    failed = [(task, error) for task, error in errors.items() if error]
    graded = bool(written((glob.escape(str(_upload(path))),), look))
    return ResultsSeen(
        status="error" if failed else "success" if graded else None,
        done=len(errors) - len(failed),
        total=len(errors) if graded else None,
        failed=failed_items(failed),
        failed_count=len(failed),
        path=str(path),
        names={"run_id": _run_id(path)},
    )


def _run_id(path: Path) -> str:
    return path.name.removesuffix(_SUFFIX)


def _upload(path: Path) -> Path:
    return path.with_name(f"{_run_id(path)}_UPLOAD.json")


def _errors(path: Path) -> dict[str, str]:
    """Return the error of each task that has ended; empty: it went well."""
    errors: dict[str, str] = {}
    for line in lines(path, _LARGEST):
        try:
            submissions = record(line, str(path))
        except Unreadable:
            continue  # a torn line in the middle: a run that was killed went on later
        for task, submission in submissions.items():
            failed = isinstance(submission, str) and submission.lstrip().startswith(_FAILED)
            errors[task] = submission if failed else ""
    return errors
