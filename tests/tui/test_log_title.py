import pytest

from supervisor.core.board import TaskRow
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.log_reader import LogReader, Source
from supervisor.tui.log_title import evidence, streams_of, telling, title_of
from tests.fakes.engine import row

FAILED = row("g/a", "failed", attempt=2, error_class="auth")
RUNS = row("g/a", "running", attempt=2, error_class="auth")


@pytest.mark.parametrize(
    ("one", "sizes", "stream"),
    [
        (FAILED, {}, "stderr"),
        (FAILED, {"stdout": 5, "stderr": 0}, "stdout"),
        (FAILED, {"stdout": 5, "stderr": 5}, "stderr"),
        (RUNS, {}, "stdout"),
        (RUNS, {"stdout": 5, "stderr": 5}, "stdout"),
        (RUNS, {"stdout": 0, "stderr": 5}, "stderr"),
        (RUNS, {"stdout": 0, "stderr": 0}, "stdout"),
    ],
)
def test_the_stream_that_tells_more_is_shown(
    one: TaskRow, sizes: dict[str, int], stream: str
) -> None:
    assert telling(one, sizes) == stream  # type: ignore[arg-type]


def test_the_title_says_whose_log_and_what_comes() -> None:
    source = Source("g/a", 1, "stdout")
    due = row("g/a", "running", attempt=2, next_at=90.0)
    assert (
        title_of(due, source, "", 0, 60, UNICODE) == "Log g/a · attempt 1 of 2 · times out in 90s"
    )
    held = row("g/a", "held", attempt=2, next_at=42.0)
    assert "goes on in 42s" in title_of(held, source, "", 0, 60, UNICODE)
    assert title_of(None, None, "", 0, 60, UNICODE) == "Log"
    assert title_of(due, source, "x: 2 found", 0, 30, UNICODE).startswith("x: 2 found · Log g/a")
    assert len(title_of(due, source, "x: 2 found", 0, 30, UNICODE)) <= 30


def test_streams_and_sizes_are_told_where_there_is_room() -> None:
    reader = LogReader(ascii_only=False)
    reader.source, reader.sizes = Source("g/a", 1, "stderr"), {"stdout": 2048, "stderr": 7}

    def text(width: int) -> str:
        return "".join(piece for piece, _ in streams_of(reader, "following", width))

    assert text(40) == " following"
    assert text(80) == " stdout [stderr] following"
    assert text(120) == " stdout 2.0 KiB [stderr 7 B] following"


def test_a_cause_is_looked_for_by_its_beginning() -> None:
    assert evidence(None) is None
    assert evidence(row("g/a", "failed", attempt=1, cause="exit 1")) is None
    long = row("g/a", "failed", attempt=1, cause="httpx.ConnectError: \x1b[31m" + "x" * 90)
    assert evidence(long) == "httpx.ConnectError: " + "x" * 40
