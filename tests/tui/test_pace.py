from supervisor.tui.pace import BYTES_A_SECOND, Pace


def test_large_pictures_are_followed_by_longer_rests() -> None:
    now = 100.0
    pace = Pace(lambda: now)
    assert not pace.rests
    pace.drew("one line")
    assert pace.rests
    now = 100.02
    assert not pace.rests
    pace.drew("x" * BYTES_A_SECOND)
    now = 101.0
    assert pace.rests
    now = 101.1
    assert not pace.rests
