import pytest

from supervisor.ports import Arrival
from supervisor.tui.log_clock import CELLS, LogClock, Moment, Share, place_of
from tests.tui.scene import HOUR, MINUTE, NOW

CAME = [Arrival(offset=100, at=NOW), Arrival(offset=200, at=NOW + 70, late=True)]


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("50%", Share(50)),
        (" 100 % ", Share(100)),
        ("101 %", None),
        ("02:13", Moment(NOW - MINUTE)),
        ("2:13:30", Moment(NOW - 30)),
        ("02:15", Moment(NOW + MINUTE - 24 * HOUR)),
        ("24:00", None),
        ("noon", None),
        ("", None),
    ],
)
def test_places_are_shares_or_the_latest_time_that_is_over(
    typed: str, place: Share | Moment | None
) -> None:
    assert place_of(typed, NOW) == place


def test_a_line_came_by_the_time_at_which_the_file_was_longer() -> None:
    clock = LogClock()
    assert clock.words(0) == " " * CELLS
    clock.take(CAME)
    assert clock.words(0) == clock.words(99) == " 02:14:00 "
    assert clock.words(100) == "~02:15:10 "
    assert clock.words(200) == " " * CELLS


def test_what_is_seen_to_come_is_timed_until_the_engine_tells() -> None:
    clock = LogClock()
    clock.saw(300, NOW)
    assert clock.words(250) == " " * CELLS
    clock.take(CAME)
    clock.saw(300, NOW + 100)
    assert clock.words(250) == " 02:15:40 "
    clock.take([*CAME, Arrival(offset=260, at=NOW + 90)])
    assert clock.words(250) == " 02:15:30 "
    assert clock.words(290) == " 02:15:40 "


def test_a_time_is_found_where_the_file_began_to_grow_then() -> None:
    clock = LogClock()
    assert clock.offset_at(NOW) is None
    clock.take(CAME)
    assert clock.offset_at(NOW - 5) == 0
    assert clock.offset_at(NOW + 1) == 100
    assert clock.offset_at(NOW + 71) is None
