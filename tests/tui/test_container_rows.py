"""Containers as cells of any width: nothing wraps, nothing ticks, nothing steers the terminal."""

from dataclasses import replace

import pytest

from supervisor.core.containers import ContainerCounts, ContainerRow
from supervisor.core.models import TaskId
from supervisor.tui.container_rows import (
    container_cells,
    container_columns,
    container_lines,
    counted,
    counts_of,
    short_size,
    sparkline,
    used_cores,
    whose,
)
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.widgets.lines import cells
from tests.tui.dock import containers

NOW = 10_000.0
ROW = ContainerRow(
    id="1" * 64,
    name="agentrun--1",
    image="hal:latest",
    task=TaskId("corebench/capsule-1"),
    group="corebench",
    owned=True,
    state="dead_idle",
    quiet_since=NOW - 720,
    cores=0.204,
    mem_bytes=12 << 20,
    pids=3,
    net_rate=2048.0,
    created_at=NOW - 3600,
)


@pytest.mark.parametrize("width", [38, 58, 60, 78, 99, 100, 118, 140, 198, 298])
@pytest.mark.parametrize("glyphs", [UNICODE, ASCII])
def test_a_row_fills_its_width_and_no_more(width: int, glyphs: object) -> None:
    for longest in (5, 30, 80):
        columns = container_columns(width, longest)
        assert sum(one.cells + 1 for one in columns) <= width + 1
        for row in (ROW, *containers()[:2], containers()[-1]):
            text = "".join(text for text, _ in container_cells(row, columns, NOW, UNICODE))
            assert cells(text) == sum(one.cells + 1 for one in columns)
            assert "\x1b" not in text


def text_of(row: ContainerRow, width: int = 198) -> list[str]:
    columns = container_columns(width, 20)
    return " ".join(text for text, _ in container_cells(row, columns, NOW, UNICODE)).split()


def test_what_a_row_tells() -> None:
    told = text_of(ROW)
    for fact in (
        "dead",
        "corebench/capsule-1",
        "agentrun--1",
        "12m",
        "0.20",
        "12M",
        "3",
        "2K",
        "1h00",
    ):
        assert fact in told
    bare = ContainerRow(id="2" * 64, name="x", image="y")
    assert text_of(bare)[:3] == ["?", "unknown", "unowned"]


def test_whose_it_is() -> None:
    assert whose(ROW, 30, UNICODE) == "corebench/capsule-1"
    assert whose(replace(ROW, task=None), 30, UNICODE) == "agentrun--1 (corebench)"
    assert whose(replace(ROW, owned=False), 30, UNICODE) == "unowned agentrun--1"


@pytest.mark.parametrize(
    ("cores", "text"),
    [(None, ""), (0.0, "0"), (0.004, "0"), (0.2, "0.20"), (3.14159, "3.14"), (64.02, "64.0")],
)
def test_cores(cores: float | None, text: str) -> None:
    assert used_cores(cores) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [(None, ""), (0, "0B"), (900, "900B"), (1 << 20, "1M"), (999 << 20, "999M"), (3 << 29, "1.5G")],
)
def test_sizes(size: int | None, text: str) -> None:
    assert short_size(size) == text
    assert len(text) <= 5


def test_a_sparkline_shows_what_mattered() -> None:
    assert sparkline((), 8, UNICODE) == " " * 8
    assert sparkline((0.0,) * 40, 8, UNICODE) == "▁" * 8
    assert sparkline((0.0,) * 39 + (4.0,), 8, UNICODE) == "▁" * 7 + "█"
    assert sparkline((0.2,) * 10, 20, UNICODE) == " " * 15 + "▄" * 5
    assert sparkline((0.02,) * 40, 8, ASCII) == "........"
    assert len(sparkline((0.1,) * 100, 20, UNICODE)) == 20


def test_counts_in_words() -> None:
    counts = counts_of(containers())
    assert counts == ContainerCounts(busy=3, dead_idle=20, idle=38)
    assert [words for words, _ in counted(counts)] == ["3 busy", "20 dead idle", "38 idle"]


def test_all_are_listed_and_what_nobody_sees_is_told() -> None:
    assert len(container_lines(containers(), NOW, UNICODE, ())) == len(containers())
    assert container_lines([ROW], NOW, UNICODE, {ROW.id}) == [
        "✗ dead idle 12m  agentrun--1  corebench/capsule-1"
    ]
    assert container_lines([replace(ROW, task=None, quiet_since=None)], NOW, UNICODE, ()) == [
        "✗ dead idle  agentrun--1  (not on the screen)"
    ]
