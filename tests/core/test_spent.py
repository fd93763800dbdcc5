from supervisor.core.spent import Spent, more


def test_the_most_that_was_seen_is_kept() -> None:
    first = more(None, 3.04, 500)
    assert first == Spent(cpu_s=3.0, peak_bytes=500)
    second = more(first, 9.96, 200)
    assert second == Spent(cpu_s=10.0, peak_bytes=500)
    assert more(second, 2.0, 900) == Spent(cpu_s=10.0, peak_bytes=900)
