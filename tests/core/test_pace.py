"""How long the rest takes, by what an attempt itself gained since it was first heard."""

from dataclasses import replace

from supervisor.core.pace import paced


def test_the_pace_is_what_was_gained_since_it_was_first_heard() -> None:
    pace = paced(None, 1, 60, 100, 0.0)
    assert pace.left_s(0.0) is None
    assert pace.whole_s is None
    pace = paced(pace, 1, 70, 100, 20.0)
    assert (pace.left_s(20.0), pace.whole_s) == (60.0, 200.0)
    assert paced(pace, 1, 70, 100, 90.0) is pace, "only getting on counts"
    assert paced(pace, 1, 100, 100, 80.0).left_s(80.0) == 0.0


def test_what_is_behind_the_item_at_work_takes_its_time() -> None:
    pace = paced(paced(None, 1, 60, 100, 0.0), 1, 70, 100, 20.0)
    assert pace.left_s(21.0) == 59.0
    assert pace.left_s(500.0) == 58.0


def test_who_waits_for_a_limit_goes_on_after_it() -> None:
    pace = paced(paced(None, 1, 60, 100, 0.0), 1, 70, 100, 20.0)
    pace = replace(pace, rests_until=500.0)
    assert pace.left_s(100.0) == 460.0
    assert pace.left_s(500.0) == 58.0


def test_in_seconds_nobody_can_tell() -> None:
    pace = paced(paced(None, 1, 0, 100, 0.0), 1, 50, 100, 2.0)
    assert pace.left_s(2.0) is None


def test_another_attempt_or_part_begins_anew() -> None:
    pace = paced(paced(None, 1, 0, 100, 0.0), 1, 50, 100, 50.0)
    assert paced(pace, 2, 60, 100, 60.0).left_s(60.0) is None
    assert paced(pace, 1, 60, 200, 60.0).began_with == 60
    assert paced(pace, 1, 10, 100, 60.0).began_at == 60.0
