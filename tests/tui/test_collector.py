import gc
from collections.abc import Iterator

import pytest

from supervisor.tui.collector import EVERY_S, Collector


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.set_threshold(*threshold)
    gc.unfreeze()
    gc.enable()


@pytest.fixture
def collected() -> Iterator[list[int]]:
    found: list[int] = []

    def heard(phase: str, info: dict[str, int]) -> None:
        if phase == "stop":
            found.append(info["generation"])

    gc.callbacks.append(heard)
    yield found
    gc.callbacks.remove(heard)


def test_everything_is_looked_through_now_and_then(collected: list[int]) -> None:
    gc.disable()
    collector = Collector()
    collector.begin(100.0)
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    collected.clear()
    collector.tick(100.0 + EVERY_S - 1)
    assert 2 not in collected
    collector.tick(100.0 + EVERY_S)
    collector.tick(101.0 + EVERY_S)
    assert collected.count(2) == 1


def test_a_collector_that_works_is_left_alone(collected: list[int]) -> None:
    threshold = gc.get_threshold()
    collector = Collector()
    collector.begin(100.0)
    collector.tick(1e9)
    assert gc.get_threshold() == threshold
    assert 2 not in collected
