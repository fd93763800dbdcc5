"""The demo night, at five times its pace: every fault is met, and the end is told truly."""

import json

import pytest

from tests.e2e.night import Night

BROKEN = "corebench/capsule-0921079"


@pytest.mark.timeout(240)
def test_fast_demo_ends_as_promised(night: Night) -> None:
    done = night.overnight("demo", "--fast", "--headless", "--dir", "demo-night", timeout_s=200)
    said = done.stdout + done.stderr
    assert done.returncode == 1, said
    place = night.place / "demo-night"
    summary = json.loads(next(place.glob(".overnight/*/batch_summary.json")).read_text())
    results = {result["test_id"]: result for result in summary["results"]}
    assert len(results) == 40
    assert [task for task, result in results.items() if result["phase"] != "succeeded"] == [BROKEN]
    assert results[BROKEN]["class"] == "broken"
    runs = [path.read_text().splitlines() for path in place.glob("results/*/*/runs.txt")]
    assert len(runs) == 39
    assert all(len(lines) == 1 for lines in runs), "a task that succeeded ran again"
    for error_class in (
        "auth",
        "rate_limit",
        "usage_window",
        "server_error",
        "network",
        "cuda_error",
        "timeout",
        "broken",
    ):
        assert error_class in said, error_class
    failed = json.loads((place / ".overnight" / "demo" / "corebench_failed_tasks.json").read_text())
    assert BROKEN in json.dumps(failed)
