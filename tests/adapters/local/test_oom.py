"""Deaths for want of memory."""

from supervisor.adapters.local.oom import OomWatch, kills


def test_counts_since_boot() -> None:
    assert kills() >= 0


def test_remembers_a_kill_for_a_while() -> None:
    counts = iter([3, 3, 4, 4, 4])
    times = iter([10.0, 20.0, 20.5, 25.0, 40.0])
    watch = OomWatch(lambda: next(times), lambda: next(counts))
    assert not watch.killed_lately()
    watch.look()
    assert watch.killed_lately()
    assert watch.killed_lately() is True
    assert not OomWatch(lambda: 0.0, lambda: 7).killed_lately()
