from supervisor.ports import LogWindow
from supervisor.tui.log_roll import Roll

LOG = b"".join(b"line %04d\n" % number for number in range(100))


def window(start: int, end: int, data: bytes = LOG) -> LogWindow:
    return LogWindow(offset=start, size=len(data), data=data[start:end])


def texts(roll: Roll) -> list[str]:
    return [row.text for row in roll.rows]


def test_rows_grow_at_both_ends() -> None:
    roll = Roll(None, ascii_only=False)
    roll.begin(window(500, 600))
    assert roll.append(window(600, 655)) == 0
    assert roll.prepend(window(400, 510)) == 10
    assert texts(roll)[0] == "line 0041"
    assert texts(roll)[-1] == "line "
    assert roll.append(window(650, 700)) == 0
    assert texts(roll)[-1] == "line 0069"
    assert [row.offset for row in roll.rows] == list(range(410, 700, 10))


def test_lines_are_found_by_where_they_begin() -> None:
    roll = Roll(4, ascii_only=False)
    roll.begin(window(0, 100))
    assert roll.index_of(20) == 6
    assert roll.holds(20)
    assert not roll.holds(21)
    assert not roll.holds(500)
    roll.lay(None)
    assert roll.index_of(20) == 2
    roll.lay(None)
    assert len(roll.rows) == 10
