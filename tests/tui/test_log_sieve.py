from supervisor.ports import LogWindow
from supervisor.tui.log_sieve import Sieve, cut
from supervisor.tui.pages import PAGE

DATA = b"".join(b"line %05d\n" % number for number in range(30_000))


def asked(sieve: Sieve, room: int) -> list[tuple[int, int]]:
    asks: list[tuple[int, int]] = []
    while (wanted := sieve.wanted(room)) is not None:
        asks.append(wanted)
        offset, size = wanted
        piece = DATA[offset : offset + size]
        assert sieve.take(LogWindow(offset=offset, size=len(DATA), data=piece))
    return asks


def test_lines_that_are_near_come_at_once_and_far_ones_alone() -> None:
    sieve = Sieve([0, 110, 220, 11 * 20_000], ascii_only=False)
    assert asked(sieve, 4)[0][0] == 0
    assert len(asked(Sieve(sieve.lines, ascii_only=False), 4)) == 2
    texts = [row.text for index in range(4) if (row := sieve.row(index)) is not None]
    assert texts == ["line 00000", "line 00010", "line 00020", "line 20000"]
    assert sieve.row(4) is None
    assert all(size <= PAGE for _, size in asked(Sieve(range(0, 330_000, 11), ascii_only=False), 9))


def test_only_what_is_visible_is_asked_for() -> None:
    sieve = Sieve(list(range(0, len(DATA), 11)), ascii_only=False)
    sieve.settle(10)
    assert sieve.top == 30_000 - 10
    assert asked(sieve, 10) == [(11 * 29_990, 9 * 11 + 16 * 1024)]
    sieve.scroll(-5, 10)
    assert (sieve.top, sieve.following) == (0, False)
    sieve.settle(10)
    assert sieve.top == 0
    assert sieve.here(9) == 33
    sieve.scroll(1 << 30, 10)
    assert sieve.following


def test_memory_is_bounded() -> None:
    sieve = Sieve(list(range(0, len(DATA), 11)), ascii_only=False)
    for top in range(0, 29_000, 40):
        sieve.scroll(top, 40)
        asked(sieve, 40)
    assert len(sieve._rows) < 9_000


def test_a_window_that_tells_nothing_is_no_news() -> None:
    sieve = Sieve([5], ascii_only=False)
    assert not sieve.take(LogWindow(offset=0, size=0, data=b""))
    assert sieve.here(1) == 5
    assert Sieve([], ascii_only=False).here(1) is None
    assert Sieve([], ascii_only=False).wanted(5) is None


def test_a_line_that_is_cut_counts_only_where_no_more_can_come() -> None:
    def window(data: bytes, size: int) -> LogWindow:
        return LogWindow(offset=10, size=size, data=data)

    assert cut(window(b"one\ntwo", 99), [10, 14]) == {10: b"one"}
    assert cut(window(b"one\ntwo", 17), [10, 14]) == {10: b"one", 14: b"two"}
    assert cut(window(b"endless", 99), [3, 10, 40]) == {10: b"endless"}
