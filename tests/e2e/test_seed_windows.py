"""A batch meets its weekly window, is stopped, and goes on next week where it was."""

import signal
from collections.abc import Generator

import pytest

from tests.e2e.night import Night
from tests.e2e.runners.api import Answer, Api, Call, serving
from tests.e2e.seeds import failed, headless, launches, live_at, runner, summary, why
from tests.support import until_sync

pytestmark = pytest.mark.timeout(300)

CLOSED = 429, "You've hit your weekly limit · resets Feb 19, 6am (America/Los_Angeles)"
OPENS_AT = "2026-02-19T14:00:00+00:00"
THURSDAY = "2026-02-12T21:28:00-08:00"
NEXT_MORNING = "2026-02-13T07:00:00-08:00"
NEXT_WEEK = "2026-02-19T06:05:00-08:00"
TESTS = [f"batch/test-00{number}" for number in range(1, 7)]


class Window:
    """Open for so many requests."""

    def __init__(self) -> None:
        self.left = 2

    def __call__(self, call: Call) -> Answer:
        if self.left <= 0:
            return CLOSED
        self.left -= call.path != "/ping"
        return 200, "fine"


@pytest.fixture
def window() -> Window:
    return Window()


@pytest.fixture
def api(night: Night, window: Window) -> Generator[Api]:
    with serving(window) as api:
        night.environment["API"] = api.url
        live_at(night, THURSDAY)
        yield api


def experiments(preflight: bool) -> str:
    asked = f'{{preflight: "{runner("ping.py")}"}}' if preflight else "{}"
    return (
        "batch: night\nparallel: 1\nlimit: claude\n"
        f"limits: {{claude: {asked}}}\n"
        f'groups: {{batch: {{run: "{runner("experiment.py")}",'
        ' id: "test-{n}", for: {n: ["001", "002", "003", "004", "005", "006"]}}}\n'
    )


def test_stopped_by_a_weekly_window_and_resumed_when_it_has_opened(
    night: Night, api: Api, window: Window
) -> None:
    night.write(experiments(preflight=False))
    said = night.run("--max-wait", "1h", code=2)
    assert "run again to resume" in said
    stands_at_two_of_six(night)

    live_at(night, NEXT_MORNING)
    night.run("--max-wait", "0", code=2)
    stands_at_two_of_six(night)
    assert "claude is held for another 5d23h: usage limit reached" in why(night, TESTS[3])

    live_at(night, NEXT_WEEK)
    window.left = 100
    night.run(code=0)
    assert {task: len(tries) for task, tries in launches(night).items()} == {
        task: 2 if task == TESTS[2] else 1 for task in TESTS
    }
    logs = [night.state / f"tasks/{TESTS[2]}/attempt-{n}" for n in (1, 2)]
    assert "weekly limit" in (logs[0] / "stderr.log").read_text(), "no log is ever truncated"
    assert (logs[1] / "stdout.log").read_text() == "passed\n"
    found = summary(night)
    assert found["finished"]
    assert found["pause_count"] == 1
    assert found["rate_limit_until"] is None
    assert [result["status"] for result in found["results"]] == ["success"] * 6
    assert "nothing to do" in night.run(code=0)


def stands_at_two_of_six(night: Night) -> None:
    """Check that two are done and kept, one has met the window, and the rest never began."""
    assert list(launches(night)) == TESTS[:3]
    assert all(len(tries) == 1 for tries in launches(night).values())
    status = night.status()
    assert status["state"] == "stopped"
    (limit,) = status["limits"]
    assert limit["limit"] == "claude"
    assert night.phases()[TESTS[2]] == "held"
    found = summary(night)
    assert [result["test_id"] for result in found["results"]] == TESTS[:2]
    assert found["pause_count"] == 1
    assert OPENS_AT <= found["rate_limit_until"] <= "2026-02-19T14:01:00+00:00"
    assert failed(night) == []


def test_preflight_tells_that_the_window_is_closed_before_anything_is_launched(
    night: Night, api: Api, window: Window
) -> None:
    window.left = 0
    night.write(experiments(preflight=True))
    said = night.run("--max-wait", "0", code=2)
    assert "weekly limit" in said
    assert launches(night) == {}

    live_at(night, NEXT_WEEK)
    window.left = 100
    night.run(code=0)
    assert {task: len(tries) for task, tries in launches(night).items()} == dict.fromkeys(TESTS, 1)


def test_ctrl_c_stops_resumably_while_a_window_is_closed(
    night: Night, api: Api, window: Window
) -> None:
    night.write(experiments(preflight=False))
    with headless(night, "--max-wait", "30d") as process:
        until_sync(
            lambda: len(launches(night)) == 3 and night.status()["state"] == "held", timeout_s=60
        )
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[0]
    assert process.returncode == 130, said
    stands_at_two_of_six(night)
