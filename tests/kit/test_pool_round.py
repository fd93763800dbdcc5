"""What becomes of items, told by frames, without a process."""

import pickle
from collections import deque
from collections.abc import Iterator
from typing import Any

from supervisor.kit.detector import Cause
from supervisor.kit.pool_frames import DONE, Frame
from supervisor.kit.pool_round import Round, Settings
from tests.kit.pool_items import Unreadable


class Worker:
    """Stands where a process would: brings the frames that it is told to."""

    def __init__(self) -> None:
        self.left: deque[int] = deque()
        self.is_ready = self.is_idle = True
        self.ends_at: float | None = None
        self.timed_out: int | None = None
        self.brings: list[Frame] = []

    def give(self, function: bytes, budget_s: float, items: list[tuple[int, bytes]]) -> None:
        self.left.extend(index for index, _ in items)
        self.is_idle = False

    def read(self) -> Iterator[Frame]:
        for frame in self.brings:
            self.left.popleft()
            yield frame


def round_of(items: list[Any]) -> Round:
    settings = Settings(1, 5.0, 1, lambda text: Cause(error_class="unknown"), None, 20)
    return Round(items, b"", settings, lambda: 1000.0)


def test_an_item_and_a_value_that_cannot_travel_are_outcomes() -> None:
    work, worker = round_of([lambda: 1, "fine"]), Worker()
    assert [one.status for one in work.feed(worker)] == ["unpicklable"]  # type: ignore[arg-type]
    assert list(worker.left) == [1]
    worker.brings = [Frame(DONE, 1, 0.1, pickle.dumps(Unreadable()))]
    outcome = next(work.take(worker))  # type: ignore[arg-type]
    assert outcome.error == "the value cannot be read: LookupError: not here"
    assert work.open == 0


def test_an_item_that_ended_as_its_worker_was_ended_for_it_keeps_its_value() -> None:
    work, worker = round_of(["a", "b", "c"]), Worker()
    work.plan.done(0.0)
    assert list(work.feed(worker)) == []  # type: ignore[arg-type]
    worker.left.append(work.plan.take()[0])
    worker.timed_out, worker.ends_at = 0, 5.0
    worker.brings = [Frame(DONE, 0, 5.0, pickle.dumps("value"))]
    outcomes = list(work.bury(worker, -15))  # type: ignore[arg-type]
    assert [(one.index, one.value) for one in outcomes] == [(0, "value")]
    assert work.plan.take() == [1], "what was ended for nothing is as if never begun"


def test_of_several_limits_the_one_that_states_the_latest_time_counts() -> None:
    times = {"a": 2000.0, "b": 3000.0, "c": None}

    def classify(text: str) -> Cause:
        return Cause(error_class="rate_limit", line=text, retry_at=times[text])

    settings = Settings(3, None, 1, classify, lambda item, value: str(item), 20)
    work = Round(["a", "b", "c"], b"", settings, lambda: 1000.0)
    workers = [Worker() for _ in range(3)]
    for number, worker in enumerate(workers):
        assert list(work.feed(worker)) == []  # type: ignore[arg-type]
        worker.brings = [Frame(DONE, number, 0.1, pickle.dumps("refused"))]
    assert [list(work.take(worker)) for worker in workers] == [[], [], []]  # type: ignore[arg-type]
    assert work.pause is not None
    assert (work.pause.cause.line, work.pause.number) == ("b", 1)
    assert not work.has_work
    work.resume()
    assert work.pause is None
    assert work.has_work
