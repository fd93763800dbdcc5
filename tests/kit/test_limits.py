"""A limit is waited for once: as stated, as the engine says, or longer each time."""

import json
import threading
from pathlib import Path

import pytest

from supervisor.kit import limits
from supervisor.kit.detector import Cause
from supervisor.kit.errors import KitError, LimitWaitError
from supervisor.kit.limits import Waiter, preflight, wait_for_limit
from supervisor.kit.marks import Marks
from supervisor.kit.standing import Standing
from tests.support import until_sync

START = 1_000_000.0
DAY = 86400.0
LIMITED = Cause(error_class="rate_limit", line="429")
HELD = Standing(holds=True, until=START + 100, limit="api", reason="resets 4pm")
FREE = Standing(holds=False)


class World:
    """Time that passes when somebody sleeps, and an engine that says what the test says."""

    def __init__(self, place: Path) -> None:
        self.time = START
        self.said: list[tuple[float, Standing | None]] = []
        self.place = place / "marks"
        marks = Marks({"OVERNIGHT_MARKS": str(self.place)})
        self.waiter = Waiter(now=lambda: self.time, sleep=self.sleep, ask=self.ask, marks=marks)

    def sleep(self, seconds: float) -> None:
        assert 0 < seconds <= 5
        self.time += seconds

    def ask(self) -> Standing | None:
        """The last word of the engine by now."""
        return next((said for at, said in reversed(self.said) if START + at <= self.time), None)

    def waited(self, cause: Cause = LIMITED, max_wait_s: float = DAY) -> float:
        began = self.time
        self.waiter.wait(cause, max_wait_s)
        return self.time - began

    def marks(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.place.read_text().splitlines()]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def about(seconds: float) -> object:
    return pytest.approx(seconds + 2.5, abs=2.5)


def test_alone_it_backs_off_longer_each_time_and_afresh_after_quiet(world: World) -> None:
    assert [world.waited() for _ in range(3)] == [about(30), about(60), about(120)]
    world.time += 601
    assert world.waited() == about(30)
    world.time += 601
    assert world.waited(Cause(error_class="usage_window")) == about(300)


def test_a_stated_time_counts_with_slack(world: World) -> None:
    stated = Cause(error_class="usage_window", line="resets 4pm", retry_at=START + 1000)
    assert world.waited(stated) == about(1000 + 52)
    assert world.marks() == [
        {"waiting": "resets 4pm", "until": START + 1000, "class": "usage_window"},
        {"waiting": None},
    ]
    past = Cause(error_class="rate_limit", retry_at=START - 9)
    world.time = START
    assert world.waited(past) == about(2)


def test_a_time_that_nobody_stated_holds_nobody_else(world: World) -> None:
    world.waited()
    assert world.marks()[0] == {"waiting": "429", "until": START + 30}


def test_the_engine_may_say_longer(world: World) -> None:
    world.said = [(0, HELD), (100, FREE)]
    assert world.waited() == about(100)


def test_a_release_ends_the_wait_sooner(world: World) -> None:
    world.said = [(0, FREE), (10, HELD), (40, FREE)]
    assert world.waited(Cause(error_class="usage_window")) == 40


def test_a_hold_that_was_never_seen_ends_the_wait_with_its_release(world: World) -> None:
    """It may begin and end between two questions."""
    world.said = [(0, FREE), (12, Standing(holds=False, released_at=START + 12))]
    assert world.waited(Cause(error_class="usage_window")) == 15


def test_a_hold_without_an_end_is_waited_for_until_it_is_released(world: World) -> None:
    forever = Standing(holds=True, until=None, limit="api", reason="quota", needs_you=True)
    world.said = [(0, forever), (5000, FREE)]
    assert world.waited() == 5000


def test_an_engine_that_goes_away_does_not_end_the_wait(world: World) -> None:
    world.said = [(0, HELD), (10, None)]
    assert world.waited() == about(100)


def test_the_wait_is_bounded(world: World) -> None:
    stated = Cause(error_class="usage_window", line="resets Monday", retry_at=START + 2 * DAY)
    with pytest.raises(LimitWaitError, match="resets Monday"):
        world.waited(stated)
    assert world.time == START, "it knows at once"
    assert world.marks()[-1] == {"waiting": None}
    world.said = [(0, Standing(holds=True, until=None, reason="quota"))]
    with pytest.raises(LimitWaitError, match="quota"):
        world.waited(max_wait_s=600)
    assert world.time <= START + 600


def test_preflight_waits_for_the_engine(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_waiter", world.waiter)
    preflight()
    assert world.time == START
    world.said = [(0, HELD), (60, FREE)]
    preflight()
    assert world.time == START + 60
    assert world.marks()[0] == {"waiting": "resets 4pm", "until": START + 100}


def test_preflight_asks_again_after_a_limit(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(limits, "_waiter", world.waiter)
    answers = [RuntimeError("Error code: 429 - rate limit reached"), None]

    def check() -> None:
        if (error := answers.pop(0)) is not None:
            raise error

    preflight(check)
    assert world.time > START
    before, flag = world.time, tmp_path / "flag"
    script = (
        f"[ -e {flag} ] || {{ touch {flag}; echo 'Error: 429 Too Many Requests' >&2; exit 1; }}"
    )
    preflight(["sh", "-c", script])
    assert world.time > before


def test_preflight_tells_of_what_is_no_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_waiter", world.waiter)
    with pytest.raises(KitError, match="exited 3: no such model"):
        preflight(["sh", "-c", "echo no such model; exit 3"])
    with pytest.raises(KitError, match="no-such-command"):
        preflight(["no-such-command"])
    with pytest.raises(ZeroDivisionError):
        preflight(lambda: 1 // 0)


def test_what_is_no_limit_is_not_waited_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "_waiter", world.waiter)
    assert not wait_for_limit(ValueError("nope"))
    assert not wait_for_limit("insufficient_quota: You exceeded your current quota")
    assert wait_for_limit("Error: 429 Too Many Requests")
    assert world.time > START


def test_threads_that_meet_one_limit_wait_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_waiter", world.waiter)
    came: set[str] = set()
    sleep, now = world.waiter.sleep, world.waiter.now

    def noted_now() -> float:
        came.add(threading.current_thread().name)
        return now()

    def patient_sleep(seconds: float) -> None:
        until_sync(lambda: len(came) == 8)
        sleep(seconds)

    world.waiter.now, world.waiter.sleep = noted_now, patient_sleep
    threads = [threading.Thread(target=wait_for_limit, args=(LIMITED,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert sum("until" in mark for mark in world.marks()) == 1
