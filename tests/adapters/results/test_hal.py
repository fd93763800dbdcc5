"""HAL's submissions: the last line of a task counts, and TIMEOUT is a failure, too."""

import json
from pathlib import Path

from supervisor.adapters.results.hal import read
from supervisor.core.models import FailedItem, ResultsSeen
from tests.adapters.results.looks import look, written

RUN = "results/swebench/night_1"


def submitted(tmp_path: Path, *lines: object) -> Path:
    text = "".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines)
    return written(tmp_path / RUN / "night_1_RAW_SUBMISSIONS.jsonl", text)


def seen(tmp_path: Path) -> ResultsSeen:
    return read(look(tmp_path, "results/*/*/*_RAW_SUBMISSIONS.jsonl"))


def test_errors_and_time_outs_failed(tmp_path: Path) -> None:
    path = submitted(
        tmp_path,
        {"t1": "ERROR: 401 Unauthorized"},
        {"t2": "diff --git a b"},
        {"t3": "TIMEOUT after 7200 seconds"},
        '{"t4": "half',
        {"t5": {"answer": "ERROR is my answer"}},
        {"t1": "diff of the second try"},
        {"t6": "ERROR: 503"},
    )
    assert seen(tmp_path) == ResultsSeen(
        status="error",
        done=3,
        failed=(
            FailedItem(id="t3", text="TIMEOUT after 7200 seconds"),
            FailedItem(id="t6", text="ERROR: 503"),
        ),
        failed_count=2,
        path=str(path),
        names={"run_id": "night_1"},
    )


def test_success_is_a_graded_run_without_errors(tmp_path: Path) -> None:
    submitted(tmp_path, {"t1": "diff"}, {"t2": "diff"})
    found = seen(tmp_path)
    assert (found.status, found.done, found.total) == (None, 2, None)
    upload = tmp_path / RUN / "night_1_UPLOAD.json"
    written(upload, "{}", after_s=-100)
    assert seen(tmp_path).status is None
    written(upload, "{}")
    found = seen(tmp_path)
    assert (found.status, found.done, found.total) == ("success", 2, 2)


def test_nothing_there_says_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path) == ResultsSeen()
