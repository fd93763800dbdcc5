"""Which advice is taken, and how it is told."""

from supervisor.core.advised import numbers, taken
from supervisor.core.board import Advice

INSIDE = Advice(group="g", parallel=20, suggested=5, why="idle", knob="capsules", restart=True)
PLAIN = Advice(group="h", parallel=8, suggested=4, why="limits")


def test_of_several_records_about_one_knob_the_lowest_is_taken() -> None:
    records = [
        Advice(group="g", parallel=20, suggested=10, why="limits"),
        Advice(group="g", parallel=20, suggested=5, why="57 of 60 idle", source="idle"),
        Advice(group="g", parallel=20, suggested=8, why="later"),
        Advice(group="h", parallel=4, suggested=2, why="limits"),
    ]
    assert [one.suggested for one in taken(records)] == [5, 2]
    assert [one.group for one in taken(records, "h")] == ["h"]
    assert taken(records, "x") == ()


def test_numbers_name_the_knob() -> None:
    assert numbers(INSIDE) == "g capsules: 20 → 5"
    assert numbers(PLAIN, "->") == "h: 8 -> 4"
