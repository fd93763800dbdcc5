"""A reader of a log of any size has only a part of it in memory, and finds every line."""

import pytest

from supervisor.ports import LogWindow
from supervisor.tui.log_reader import LogReader, Source
from supervisor.tui.messages import LogAsk

LINES = 40_000
LOG = b"".join(b"line %06d of the log\n" % number for number in range(LINES))
LENGTH = len(b"line 000000 of the log\n")


class File:
    """Answers a reader until it wants no more."""

    def __init__(self, data: bytes = LOG, *, width: int | None = 40) -> None:
        self.data = data
        self.asked: list[LogAsk] = []
        self.reader = LogReader(ascii_only=False)
        self.reader.lay(width, 20)
        self.reader.show(Source("g/a", 1, "stdout"))
        self.serve()

    def serve(self) -> None:
        for _ in range(50):
            asks = self.reader.asks()
            assert asks is not None
            self.asked.append(asks[0])
            windows = {ask.stream: self._window(ask) for ask in asks}
            if not self.reader.take(asks, windows):
                return
        raise AssertionError("it never has enough")

    def _window(self, ask: LogAsk) -> LogWindow:
        data = self.data if ask.stream == "stdout" else b"err"
        start = max(0, len(data) + ask.offset) if ask.offset < 0 else ask.offset
        return LogWindow(offset=start, size=len(data), data=data[start : start + ask.size])

    @property
    def seen(self) -> list[str]:
        reader = self.reader
        return [row.text for row in reader.roll.rows[reader.top : reader.top + reader.room]]


def numbers(file: File) -> list[int]:
    return [int(text.split()[1]) for text in file.seen]


def test_a_large_file_opens_at_its_end_at_once() -> None:
    file = File()
    assert numbers(file)[-1] == LINES - 1
    assert sum(ask.size for ask in file.asked) <= 3 * 64 * 1024
    assert file.reader.sizes == {"stdout": len(LOG), "stderr": 3}


def test_scrolling_up_reaches_the_beginning_line_by_line() -> None:
    file = File(LOG[: LENGTH * 9000])
    seen = set(numbers(file))
    for _ in range(9000 // 15):
        file.reader.scroll(file.reader.top - 15)
        file.serve()
        seen.update(numbers(file))
    assert numbers(file)[0] == 0
    assert seen == set(range(9000))
    assert not file.reader.following


def test_the_first_line_is_one_step_away_and_the_last_too() -> None:
    file = File()
    file.reader.edge(-1)
    file.serve()
    assert numbers(file)[0] == 0
    assert sum(ask.size for ask in file.asked) < len(LOG) // 2
    for _ in range(200):
        file.reader.scroll(file.reader.top + 20)
        file.serve()
    assert numbers(file)[0] == 4000
    file.reader.edge(1)
    file.serve()
    assert numbers(file)[-1] == LINES - 1
    assert file.reader.following


@pytest.mark.parametrize("number", [0, 3, 20_000, LINES - 2])
def test_any_line_is_gone_to(number: int) -> None:
    file = File()
    file.reader.go_to(number * LENGTH)
    file.serve()
    assert number in numbers(file)
    assert file.reader.here == number * LENGTH or number in (0, 3, LINES - 2)
    assert not file.reader.following


def test_a_goal_that_is_no_beginning_of_a_line_goes_nearby() -> None:
    file = File()
    file.reader.go_to(20_000 * LENGTH + 5)
    file.serve()
    assert any(abs(number - 20_000) <= 1 for number in numbers(file))


def test_following_shows_what_is_written_and_scrolling_stops_it() -> None:
    file = File(LOG[: LENGTH * 100])
    file.data = LOG[: LENGTH * 101]
    file.serve()
    assert numbers(file)[-1] == 100
    file.reader.scroll(10)
    file.data = LOG[: LENGTH * 200]
    file.serve()
    assert numbers(file)[0] == 10
    file.reader.edge(1)
    file.serve()
    assert numbers(file)[-1] == 199
    assert file.reader.following


def test_a_reader_elsewhere_asks_for_no_bytes() -> None:
    file = File()
    file.reader.go_to(20_000 * LENGTH)
    file.serve()
    file.asked.clear()
    file.serve()
    assert [ask.size for ask in file.asked] == [0]


def test_a_file_that_ran_ahead_is_met_at_its_end() -> None:
    file = File(LOG[: LENGTH * 100])
    file.data = LOG
    file.serve()
    file.serve()
    assert numbers(file)[-1] == LINES - 1
    assert sum(ask.size for ask in file.asked) < len(LOG) // 2


def test_a_truncated_file_is_read_anew() -> None:
    file = File(LOG[: LENGTH * 100])
    file.data = b"line 7 anew\n"
    file.serve()
    file.serve()
    assert numbers(file) == [7]


def test_another_width_keeps_the_first_line() -> None:
    file = File(LOG[: LENGTH * 500], width=40)
    file.reader.scroll(100)
    file.reader.lay(8, 20)
    assert file.seen[0] == "line 000"
    assert file.reader.roll.rows[file.reader.top].offset == 100 * LENGTH
    file.reader.lay(None, 30)
    assert numbers(file)[0] == 100


def test_an_answer_to_an_old_question_is_ignored() -> None:
    file = File()
    asks = file.reader.asks()
    assert asks is not None
    assert file.reader.asks() is None
    file.reader.show(Source("g/a", 1, "stderr"))
    assert not file.reader.take(asks, {})
    again = file.reader.asks()
    assert again is not None
    assert not file.reader.take(again, {})
    assert file.reader.percent == 100
