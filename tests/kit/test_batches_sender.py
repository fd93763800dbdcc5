"""How long a sender waits."""

from supervisor.kit.batches_sender import BatchPace


def test_the_usual_waits_grow_to_five_minutes_and_differ() -> None:
    pace = BatchPace()
    first = [pace.delay(1) for _ in range(50)]
    assert all(24 <= wait_s <= 36 for wait_s in first)
    assert len(set(first)) > 1
    assert pace.delay(10) == 300
