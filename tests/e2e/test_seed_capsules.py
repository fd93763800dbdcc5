"""Too much at once: what an operator or the API asks to lower is lowered while it runs."""

import json
import threading
from collections import Counter

import pytest

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Call, serving
from tests.e2e.seeds import failed, launches, most_at_once, runner, why
from tests.support import until_sync

pytestmark = pytest.mark.timeout(300)

CAPSULES = 60
TASK = "corebench/all"


def corebench(apply: str, words: str) -> str:
    command = f"{runner('capsules.py')} {CAPSULES}"
    return (
        "batch: night\ngroups:\n  corebench:\n    id: all\n    parallel: 1\n"
        f"    inner: {{knob: capsules, start: 20, min: 1, apply: {apply}}}\n"
        f'    run: "{command} {words}"\n    resume: "{command} --resume {words}"\n'
    )


def done(night: Night) -> list[str]:
    """Return the capsules that have ended, each with how many ran when it began."""
    path = night.place / "capsules.txt"
    return path.read_text().splitlines() if path.exists() else []


def test_twenty_capsules_become_five_by_a_restart_that_goes_on(night: Night) -> None:
    night.write(corebench("restart", "{capsules}"))
    night.detach()
    until_sync(lambda: len(done(night)) >= 5, timeout_s=60)
    said = night.overnight("parallel", "corebench", "5", code=0).stdout
    assert "keeps what it has until restarted" in said
    assert len(launches(night)[TASK]) == 1, "nothing is restarted unasked"
    night.overnight("parallel", "corebench", "5", "--yes", code=0)
    (night.place / "go").touch()
    night.overnight("wait", "night", code=0)
    first, second = launches(night)[TASK]
    assert (first.said["resumes"], first.said["at_once"]) == ("False", "20")
    assert (second.said["resumes"], second.said["at_once"]) == ("True", "5")
    names = Counter(line.split()[0] for line in done(night))
    assert names == Counter(f"c{number}" for number in range(CAPSULES))
    assert failed(night) == []
    assert "restarted with capsules 5 by" in why(night, TASK)
    assert "(cost no attempt)" in why(night, TASK)


def test_twenty_capsules_become_five_in_a_runner_that_looks(night: Night) -> None:
    night.write(corebench("file", ""))
    night.detach()
    until_sync(lambda: len(done(night)) >= 5, timeout_s=60)
    knob = night.state / "tasks" / TASK / "capsules"
    assert knob.read_text().split() == ["20"]
    night.overnight("parallel", "corebench", "5", code=0)
    until_sync(lambda: knob.read_text().split() == ["5"], timeout_s=60)
    (night.place / "go").touch()
    night.overnight("wait", "night", code=0)
    assert len(launches(night)[TASK]) == 1
    side_by_side = [int(line.split()[-1]) for line in done(night)]
    assert len(side_by_side) == CAPSULES
    assert max(side_by_side) == 20
    assert max(side_by_side[25:]) <= 5, "after the five that ended and the twenty that waited"


class Crowded:
    """Of the first eight callers, who come together, it sends four away; then all are served."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._together = threading.Barrier(8)
        self.first: set[str] = set()
        self.refused: Counter[str] = Counter()

    def __call__(self, call: Call) -> Answer:
        with self._lock:
            if len(self.first) == 8:
                return 200, "fine"
            self.first.add(call.task)
        if self._together.wait(timeout=60) < 4:
            return 200, "fine"
        with self._lock:
            self.refused[call.task] += 1
        return 429, "Rate limit reached for requests. Please try again in 1s."


def test_a_range_is_halved_once_and_nothing_is_killed(night: Night) -> None:
    api_says = Crowded()
    with serving(api_says) as api:
        night.environment |= {"API": api.url, "TRAPI_TOKEN": "token"}
        night.write(
            "batch: night\ngroups:\n  scicode:\n    parallel: 1..8\n"
            f'    id: "{{n}}"\n    run: "{runner("bench.py")} 1 0.5"\n'
            f"    for: {{n: {json.dumps([str(number) for number in range(20)])}}}\n"
        )
        night.run(code=0)
    found = launches(night)
    assert {task: len(tries) for task, tries in found.items()} == {
        task: 1 + api_says.refused[task] for task in found
    }
    assert api_says.refused.total() == 4
    every = [run for tries in found.values() for run in tries]
    assert all(run.ended_at < float("inf") for run in every), "one was killed"
    later = [run for run in every if run.attempt > 1 or run.task not in api_says.first]
    assert most_at_once(later) <= 4
    (group,) = night.status()["groups"]
    assert group["parallel"] == 4
