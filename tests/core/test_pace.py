"""How long the rest takes, by what an attempt itself gained since it was first heard."""

from supervisor.core.pace import paced


def test_the_pace_is_what_was_gained_since_it_was_first_heard() -> None:
    pace = paced(None, 1, 60, 100, 0.0)
    assert pace.left_s is None
    assert pace.whole_s is None
    pace = paced(pace, 1, 70, 100, 20.0)
    assert (pace.left_s, pace.whole_s) == (60.0, 200.0)
    assert paced(pace, 1, 70, 100, 90.0) is pace, "only getting on counts"
    assert paced(pace, 1, 100, 100, 80.0).left_s == 0.0


def test_in_seconds_nobody_can_tell() -> None:
    pace = paced(paced(None, 1, 0, 100, 0.0), 1, 50, 100, 2.0)
    assert pace.left_s is None


def test_another_attempt_or_part_begins_anew() -> None:
    pace = paced(paced(None, 1, 0, 100, 0.0), 1, 50, 100, 50.0)
    assert paced(pace, 2, 60, 100, 60.0).left_s is None
    assert paced(pace, 1, 60, 200, 60.0).began_with == 60
    assert paced(pace, 1, 10, 100, 60.0).began_at == 60.0
