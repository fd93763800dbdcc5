"""Results of the SWE-bench harness: a directory per instance, and a report of the whole run.

Format of SWE-bench 4 (``harness/run_evaluation.py``, ``harness/reporting.py``):
``logs/run_evaluation/<run_id>/<model>/<instance>/run_instance.log`` is written from the start of an
instance, ``report.json`` beside it when the instance was graded; one without a report is run again. The
run's own ``<model>.<run_id>.json`` lists ``error_ids``, and comes at the end.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from supervisor.adapters.results.bounded import (
    Record,
    Unreadable,
    as_count,
    as_list,
    record,
    tail,
    whole,
)
from supervisor.adapters.results.choice import own, written
from supervisor.adapters.results.items import failed_items
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look

_LOG = "run_instance.log"
_LAST = 8 << 10
_ERROR = re.compile(
    r"Traceback \(most recent call last\)|>>>>> Patch Apply Failed|Timeout error: \d+ seconds exceeded"
    r"|EvaluationError|BuildImageError"
)


def read(look: Look) -> ResultsSeen:
    """Return what the run's report says, or before there is one, what its instances say.

    Raises:
        Unreadable: the report is half written or damaged.
    """
    logs = [path for path in written(look.globs, look) if path.name == _LOG]
    # Attempts that share a run id overwrite each other's report; one instance's log is its own.
    alone = look.shared and look.names.get("instance_ids", "*") != "*"
    globs = [] if alone else [pattern for pattern in look.globs if pattern.endswith(".json")]
    if reports := own(globs, look, lambda path: path.name):
        path = reports[-1]
        return _reported(record(whole(path), str(path)), path, logs)
    if not logs:
        return ResultsSeen()
    failed = _failed(logs)
    done = sum(map(_graded, logs))
    return ResultsSeen(
        status="error" if failed else "success" if alone and done == len(logs) else None,
        done=done,
        failed=failed_items(failed.items()),
        failed_count=len(failed),
        path=str(logs[-1].parent),
    )


def _reported(report: Record, path: Path, logs: Iterable[Path]) -> ResultsSeen:
    said = _failed(logs)
    names = [name for name in as_list(report.get("error_ids")) if isinstance(name, str)]
    count = max(as_count(report.get("error_instances")) or 0, len(names))
    return ResultsSeen(
        status="error" if count else "success",
        done=as_count(report.get("completed_instances")),
        total=as_count(report.get("submitted_instances"))
        or as_count(report.get("total_instances")),
        failed=failed_items((name, said.get(name, "")) for name in names),
        failed_count=count,
        path=str(path),
    )


def _failed(logs: Iterable[Path]) -> dict[str, str]:
    """Return the last words of each instance that has no report and says why."""
    failed: dict[str, str] = {}
    for log in logs:
        if not _graded(log):
            try:
                text = tail(log, _LAST).decode("utf-8", "replace")
            except Unreadable:
                continue  # removed by the run itself, which begins that instance anew
            if _ERROR.search(text):
                failed[log.parent.name] = text
    return failed


def _graded(log: Path) -> bool:
    """Tell whether the instance has a report that is whole; an empty one is none."""
    try:
        return bool(record(whole(log.with_name("report.json")), ""))
    except Unreadable:
        return False
