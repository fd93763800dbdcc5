"""Limits that all workers of a pool share: they pause and go on together, and nothing is lost."""

import time
from pathlib import Path

import pytest

from supervisor import kit
from supervisor.kit.detector import Cause
from supervisor.kit.errors import LimitWaitError
from supervisor.kit.pool import ResilientPool
from supervisor.kit.pool_limits import Explainer, Pause
from tests.kit.pool_items import act, limited


def told_by(text: str) -> Cause:
    """Judge as a detector would."""
    last = text.strip().rpartition("\n")[2]
    if "resets at " in last:
        return Cause(error_class="rate_limit", line=last, retry_at=float(last.rpartition(" ")[2]))
    name = "auth" if "401" in last else "rate_limit" if "limit" in last else "unknown"
    return Cause(error_class=name, line=last)


class Limits:
    """A file that makes all items fail while it is there, and pauses that take it away."""

    def __init__(self, place: Path, times: int) -> None:
        self.path = place / "limit"
        self.times = times
        self.pauses: list[Pause] = []

    def set(self, text: str = "limit reached") -> None:
        self.path.write_text(text)

    def wait(self, pause: Pause) -> None:
        """Pass the time: the limit is over, or holds for another pause."""
        self.pauses.append(pause)
        self.asked.write_text(self.asked.read_text() + "pause\n")
        if len(self.pauses) >= self.times:
            self.path.unlink()

    @property
    def asked(self) -> Path:
        return self.path.with_suffix(".asked")

    def jobs(self, many: int) -> list[tuple[str, int]]:
        return [(str(self.path), number) for number in range(many)]


@pytest.mark.parametrize("times", [1, 2, 3])
def test_all_workers_pause_for_a_limit_and_go_on_together(tmp_path: Path, times: int) -> None:
    limits = Limits(tmp_path, times)
    limits.set()
    with ResilientPool(3, classify=told_by, wait=limits.wait) as pool:
        outcomes = pool.run(limited, limits.jobs(15))
    assert [one.value for one in outcomes] == [f"answer {number}" for number in range(15)]
    assert [pause.number for pause in limits.pauses] == list(range(1, times + 1))
    assert "limit reached" in limits.pauses[0].cause.line
    sections = limits.asked.read_text().split("pause\n")
    assert all(0 < len(section.splitlines()) <= 3 for section in sections[:-1])
    assert len({line.split()[1] for line in sections[-1].splitlines()}) >= 1
    assert len(sections) == times + 1


def test_a_stated_time_is_waited_for(tmp_path: Path) -> None:
    limits = Limits(tmp_path, 1)
    until = time.time() + 1000
    limits.set(f"resets at {until}")
    with ResilientPool(2, classify=told_by, wait=limits.wait) as pool:
        pool.run(limited, limits.jobs(4))
    assert limits.pauses[0].cause.retry_at == until


def test_a_limit_without_end_is_given_up(tmp_path: Path) -> None:
    limits = Limits(tmp_path, 99)
    limits.set()
    pool = ResilientPool(2, classify=told_by, wait=limits.wait, max_pauses=3)
    with (
        pool,
        pytest.raises(
            LimitWaitError, match="waited 3 times, and the limit holds: RuntimeError: limit reached"
        ),
    ):
        pool.run(limited, limits.jobs(4))


def test_nothing_more_is_begun_where_waiting_does_not_help(tmp_path: Path) -> None:
    limits = Limits(tmp_path, 99)
    limits.set("401 token expired")
    with (
        ResilientPool(2, classify=told_by) as pool,
        pytest.raises(LimitWaitError, match="auth: RuntimeError: 401 token expired"),
    ):
        pool.run(limited, limits.jobs(100))
    assert len(limits.asked.read_text().splitlines()) <= 2


def test_what_lies_beside_a_crash_or_a_result_tells_of_a_limit(tmp_path: Path) -> None:
    """The agent was refused, and its worker died: the reason is in ``.failed`` only."""
    told: set[str] = set()
    pauses: list[Pause] = []

    def evidence(item: str, value: object) -> str | None:
        is_first = item not in told and item != "fine"
        told.add(item)
        return "You've hit your limit" if is_first else None

    with ResilientPool(
        1, crash_retries=0, classify=told_by, evidence=evidence, wait=pauses.append
    ) as pool:
        outcomes = pool.run(act, ["exit 0", "fine", "leave 1"])
    assert [(one.status, one.tries) for one in outcomes] == [
        ("failed", 2),
        ("done", 1),
        ("crashed", 2),
    ]
    assert [pause.cause.line for pause in pauses] == ["You've hit your limit"] * 2


def test_words_that_explain_nothing_are_judged_once() -> None:
    judged: list[str] = []

    def classify(text: str) -> Cause:
        judged.append(text)
        return told_by(text)

    explainer = Explainer(classify)
    for _ in range(3):
        assert explainer.cause(None, "", "what?") is None
    cause = explainer.cause("what?", "hit the limit")
    assert cause is not None
    assert cause.is_limit
    assert judged == ["what?", "hit the limit"]


def test_the_supervisors_detector_judges_unless_another_one_does(tmp_path: Path) -> None:
    limits = Limits(tmp_path, 1)
    limits.set("You've hit your limit · resets 4pm (America/Los_Angeles)")
    with ResilientPool(2, wait=limits.wait) as pool:
        assert all(one.ok for one in pool.run(limited, limits.jobs(4)))
    cause = limits.pauses[0].cause
    assert (cause.error_class, cause.retry_at is not None) == ("usage_window", True)


def test_outcomes_are_recorded_before_they_are_told(tmp_path: Path) -> None:
    with kit.run(tmp_path / "results.jsonl") as run, ResilientPool(2) as pool:
        for outcome in pool.each(act, run.left(["fine", "raise", "exit 2"]), run=run):
            assert run.counts.done + run.counts.failed >= 1, outcome
        assert run.counts == kit.Counts(done=1, failed=2, total=3)
        assert pool.run(act, run.left(["fine", "raise", "exit 2"]), run=run) == []
