"""A sample is drawn by lot, the same each time, with what it needs."""

from supervisor.core.models import TaskId
from supervisor.core.sampling import sampled
from tests.fakes.night import batch_spec, task

NAMES = [f"g/{number}" for number in range(200)]
SPEC = batch_spec(NAMES)
IDS = frozenset(map(TaskId, NAMES))


def test_the_lot_is_the_same_each_time_and_another_for_another_batch() -> None:
    one = sampled(SPEC, IDS, 0.01, "u-1")
    assert len(one) == 2
    assert one == sampled(SPEC, frozenset(reversed(NAMES)), 0.01, "u-1")
    assert len({sampled(SPEC, IDS, 0.01, f"u-{n}") for n in range(9)}) > 1


def test_at_least_one_and_never_too_many() -> None:
    assert len(sampled(SPEC, IDS, 0.0001, "u")) == 1
    assert len(sampled(SPEC, IDS, 0.07, "u")) == 14
    assert sampled(SPEC, IDS, 1.0, "u") == IDS
    assert sampled(SPEC, frozenset(), 0.5, "u") == frozenset()


def test_what_the_sample_needs_comes_with_it() -> None:
    spec = batch_spec(
        ["p/a", "p/b", task("g/a", needs=("p",)), task("h/a", needs=("g/a", "gone")), "i/a"]
    )
    only = [TaskId("h/a"), *map(TaskId, ("p/a", "p/b", "g/a"))]
    chosen = sampled(spec, only, 0.01, next(u for u in map(str, range(99)) if _first(u)))
    assert chosen == frozenset(only)


def _first(uuid: str) -> bool:
    names = ["p/a", "p/b", "g/a", "h/a"]
    plain = batch_spec(names)
    return sampled(plain, frozenset(map(TaskId, names)), 0.01, uuid) == {"h/a"}
