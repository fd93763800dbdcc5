"""Results of lm-evaluation-harness: ``results_<ISO time>.json``, written once, when all is done.

Format of lm_eval 0.4 (``loggers/evaluation_tracker.py``): below ``--output_path``, in a folder named after
the model. Its ``results`` has one entry per task; a run that fails leaves no such file.
"""

from supervisor.adapters.results.bounded import as_record, record, whole
from supervisor.adapters.results.choice import own
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look

_LARGEST = 64 << 20


def read(look: Look) -> ResultsSeen:
    """Return that the run succeeded, where its results lie; no word while they do not.

    Raises:
        Unreadable: they are half written, or may be another attempt's.
    """
    paths = own(look.globs, look, lambda path: path.name)
    if not paths:
        return ResultsSeen()
    path = paths[-1]
    tasks = as_record(record(whole(path, _LARGEST), str(path)).get("results"))
    return ResultsSeen(
        status="success" if tasks else None,
        done=len(tasks),
        total=len(tasks) or None,
        path=str(path),
    )
