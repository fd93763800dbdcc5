"""SWE-bench: the report of the run, else its instances; what was graded earlier counts as done."""

import json
from pathlib import Path

import pytest

from supervisor.adapters.results.bounded import Unreadable
from supervisor.adapters.results.swebench import read
from supervisor.core.models import ResultsSeen
from tests.adapters.results.looks import look, written

LOGS = "logs/run_evaluation/night/*/{}/run_instance.log"
REPORT = {
    "total_instances": 300,
    "submitted_instances": 3,
    "completed_instances": 2,
    "error_instances": 1,
    "error_ids": ["repo__b-2"],
}


def instance(tmp_path: Path, name: str, log: str, report: str | None = None) -> None:
    place = tmp_path / "logs/run_evaluation/night/gold" / name
    written(place / "run_instance.log", log)
    if report is not None:
        written(place / "report.json", report)


def seen(tmp_path: Path, instance_ids: str = "*", *, shared: bool = False) -> ResultsSeen:
    globs = ("./*.night.json", LOGS.format(instance_ids))
    return read(look(tmp_path, *globs, shared=shared, names={"instance_ids": instance_ids}))


def test_instances_tell_before_there_is_a_report(tmp_path: Path) -> None:
    instance(tmp_path, "repo__a-1", "ok", '{"repo__a-1": {"resolved": false}}')
    instance(tmp_path, "repo__b-2", "Traceback (most recent call last):\n ...\nOSError: no space")
    instance(tmp_path, "repo__c-3", "still building")
    instance(tmp_path, "repo__d-4", ">>>>> Patch Apply Failed", "")
    found = seen(tmp_path)
    assert (found.status, found.done, found.failed_count) == ("error", 1, 2)
    assert found.failed[0].text.endswith("OSError: no space")


def test_the_report_decides_once_it_is_there(tmp_path: Path) -> None:
    instance(tmp_path, "repo__b-2", "Timeout error: 1800 seconds exceeded.")
    path = written(tmp_path / "gold.night.json", json.dumps(REPORT))
    found = seen(tmp_path)
    assert (found.status, found.done, found.total, found.failed_count) == ("error", 2, 3, 1)
    assert (found.failed[0].id, found.path) == ("repo__b-2", str(path))
    assert "Timeout error" in found.failed[0].text
    written(path, json.dumps({**REPORT, "error_ids": [], "error_instances": 0}))
    assert seen(tmp_path).status == "success"
    written(path, "{")
    with pytest.raises(Unreadable, match="half written"):
        seen(tmp_path)


def test_attempts_with_one_run_id_look_at_their_own_instance(tmp_path: Path) -> None:
    written(tmp_path / "gold.night.json", json.dumps(REPORT))
    instance(tmp_path, "repo__a-1", "ok", '{"repo__a-1": {}}')
    instance(tmp_path, "repo__b-2", "Traceback (most recent call last):")
    assert seen(tmp_path, "repo__a-1", shared=True).status == "success"
    assert seen(tmp_path, "repo__b-2", shared=True).status == "error"


def test_nothing_there_says_nothing(tmp_path: Path) -> None:
    assert seen(tmp_path) == ResultsSeen()
