from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from supervisor.core.intents import First
from supervisor.tui.glyphs import ASCII
from supervisor.tui.order import Sort
from supervisor.tui.screens.dialog import Dialog
from supervisor.tui.screens.log import LogScreen
from supervisor.tui.screens.overview import OverviewScreen
from supervisor.tui.screens.prompt import Prompt
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until
from tests.tui.piloting import flying, program, settled, steady
from tests.tui.scene import LONG, THEMES, engine, night


@pytest.mark.parametrize("size", [(40, 20), (80, 24), (120, 40), (200, 50)])
def test_overview(snap_compare: Any, size: tuple[int, int]) -> None:
    assert snap_compare(program(engine()), terminal_size=size, run_before=settled)


@pytest.mark.parametrize("theme", sorted(set(THEMES) - {"night"}))
def test_overview_in_every_theme(snap_compare: Any, theme: str) -> None:
    app = program(engine(), theme=theme)
    assert snap_compare(app, terminal_size=(120, 40), run_before=settled)


def test_ascii(snap_compare: Any) -> None:
    app = program(engine(), glyphs=ASCII)
    assert snap_compare(app, terminal_size=(80, 24), run_before=settled)


def test_disconnected(snap_compare: Any) -> None:
    async def gone(pilot: Pilot[Any]) -> None:
        await until(lambda: pilot.app.link.state == "gone")  # type: ignore[attr-defined]
        await steady(pilot)

    fake = engine()
    fake.gone = True
    assert snap_compare(program(fake), terminal_size=(80, 24), run_before=gone)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_the_end(snap_compare: Any, size: tuple[int, int]) -> None:
    async def over(pilot: Pilot[Any]) -> None:
        await settled(pilot)
        await fake.show(state="done", limits=(), needs_you=(), advice=())
        await until(lambda: isinstance(pilot.app.screen, Dialog))
        await steady(pilot)

    fake = engine()
    assert snap_compare(program(fake), terminal_size=size, run_before=over)


async def test_ascii_screens_are_ascii() -> None:
    async with flying(glyphs=ASCII, size=(120, 40)) as flight:
        await settled(flight.pilot)
        assert flight.text().isascii()


async def test_tab_goes_round_the_panes() -> None:
    async with flying() as flight:
        seen = []
        for _ in OverviewScreen.PANES:
            await flight.press("tab")
            seen.append(flight.app.focused and flight.app.focused.id)
        assert seen == ["log", "groups", "tasks"]
        await flight.press("shift+tab")
        assert flight.app.focused is flight.overview.groups


@pytest.mark.parametrize("size", [(40, 20), (80, 15)])
async def test_small_screens_show_one_pane_at_a_time(size: tuple[int, int]) -> None:
    async with flying(size=size) as flight:
        for name in ("tasks", "log", "groups"):
            shown = [
                pane
                for pane in OverviewScreen.PANES
                if flight.overview.query_one(f"#{pane}").region.height
            ]
            assert shown == [name]
            await flight.press("tab")


async def test_l_opens_the_log_and_escape_goes_back() -> None:
    async with flying() as flight:
        await flight.press("l")
        await until(lambda: isinstance(flight.app.screen, LogScreen))
        await flight.press("escape")
        await until(lambda: flight.app.screen is flight.overview)
        assert flight.app.focused is flight.overview.tasks


async def test_enter_in_the_pane_of_the_log_opens_it_whole() -> None:
    async with flying() as flight:
        await flight.press("tab", "enter")
        await until(lambda: isinstance(flight.app.screen, LogScreen))


async def test_enter_on_a_group_goes_to_its_tasks() -> None:
    async with flying() as flight:
        await flight.press("shift+tab", "j", "enter")
        here = flight.overview.tasks.row_here
        assert here is not None
        assert here.group == "corebench"
        assert flight.app.focused is flight.overview.tasks


async def test_the_log_follows_the_cursor_when_it_rests() -> None:
    async with flying() as flight:
        pane = flight.overview.log_pane
        await until(lambda: pane.visible_text())
        place = flight.overview.tasks.keys.index(LONG)
        await flight.press(*"j" * place)
        await until(lambda: pane.row is not None and pane.row.task == LONG)
        await until(lambda: "31/80" in pane.visible_text())


async def test_a_filter_narrows_while_it_is_typed_and_escape_drops_it() -> None:
    async with flying() as flight:
        tasks = flight.overview.tasks
        await flight.press("slash", *"usaco")
        assert len(tasks.keys) == 3
        await flight.press("enter")
        assert "Tasks 3 of 46 · /usaco" in flight.text()
        await flight.press("slash", "x", "escape")
        assert tasks.wanted.text == "usaco"
        await flight.press("escape")
        assert len(tasks.keys) == 46


async def test_a_filter_that_nothing_matches_says_so() -> None:
    async with flying() as flight:
        await flight.press("slash", *"zzz", "enter")
        assert "no task matches /zzz; Esc shows all" in flight.text()


async def test_a_mistake_in_a_filter_is_told_at_once_and_changes_nothing() -> None:
    async with flying() as flight:
        tasks = flight.overview.tasks
        await flight.press("slash", *"usaco clas:auth")
        assert "at 7: no field 'clas'; did you mean class?" in flight.text()
        assert tasks.wanted.text == "usaco clas"
        await flight.press("enter")
        assert isinstance(flight.app.screen, Prompt)
        await flight.press(*["backspace"] * 9, *"class:broken", "enter")
        assert "Tasks 1 of 46 · /usaco class:broken" in flight.text()


async def test_help_lists_what_a_filter_may_ask() -> None:
    async with flying(size=(120, 60)) as flight:
        await flight.press("question_mark", "G")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        assert "class:auth attempts>2" in flight.text()
        assert "attempts>  attempts begun" in flight.text()


async def test_sorting_asks_for_the_column_and_begins_at_the_top() -> None:
    async with flying() as flight:
        tasks = flight.overview.tasks
        await flight.press("j", "s")
        assert "1  problems first  (now)" in flight.text()
        await flight.press("8")
        assert "as in the batch file" in flight.text()
        assert tasks.keys[0] == LONG
        assert tasks.cursor == 0
        await flight.press("s", "s")
        assert tasks.keys[-1] == LONG


async def test_a_range_is_marked_and_everything_unmarked() -> None:
    async with flying() as flight:
        tasks = flight.overview.tasks
        await flight.press("v", "j", "j", "v", "j", "shift+down")
        assert len(tasks.marks) == 5
        assert "5 marked" in flight.text()
        await flight.press("shift+up", "u")
        assert not tasks.marks
        await flight.press("v", "j", "escape", "j")
        assert len(tasks.marks) == 2
        await flight.press("asterisk")
        assert len(tasks.marks) == 46


async def test_what_is_marked_and_hidden_is_listed_before_anything_is_done() -> None:
    async with flying() as flight:
        await flight.press("slash", *"state:waiting", "enter", "asterisk", "escape")
        tasks = flight.overview.tasks
        assert len(tasks.marks) == 21
        await flight.press("slash", *"usaco", "enter")
        assert "21 marked" in flight.text()
        await flight.press("colon", *"run first", "enter")
        await until(lambda: "Run first 21 tasks?" in flight.text())
        assert "21 of them scrolled or filtered away" in flight.text()
        await flight.press("G")
        assert "scienceagentbench/instance-020  (not on the screen)" in flight.text()
        assert flight.fake.wanted == []
        await flight.press("r")
        [intent] = await flight.wanted()
        assert isinstance(intent, First)
        assert frozenset(intent.targets) == tasks.marks


async def test_marks_are_counted_and_dropped() -> None:
    async with flying() as flight:
        await flight.press("space", "space")
        assert "2 marked" in flight.text()
        assert len(flight.overview.rows_here()) == 2
        await flight.press("escape")
        assert not flight.overview.tasks.marks


async def test_copying_takes_what_is_under_the_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    async with flying() as flight:
        copied: list[str] = []
        monkeypatch.setattr(flight.app, "copy_to_clipboard", copied.append)
        pane = flight.overview.log_pane
        await until(lambda: pane.visible_text())
        await flight.press("y", "tab", "y", "tab", "y")
        assert copied == ["scicode/problem-0013", pane.visible_text(), "scicode"]
        assert await flight.said()


async def test_the_cursor_stays_on_its_task_when_others_move() -> None:
    rows = [row(f"g/{number:02d}", "running") for number in range(40)]
    async with flying(FakeEngine(board_of(*rows))) as flight:
        tasks = flight.overview.tasks
        await flight.press(*"j" * 20)
        key, on_screen = tasks.key, tasks.cursor - tasks.top
        await flight.fake.show(row("g/35", "failed"), row("g/36", "failed"))
        await until(lambda: tasks.keys[0] == "g/35")
        await flight.pilot.pause()
        assert tasks.key == key
        assert tasks.cursor - tasks.top == on_screen


async def test_a_task_that_changes_changes_its_log_title() -> None:
    async with flying() as flight:
        pane = flight.overview.log_pane
        await flight.fake.show(row("scicode/problem-0013", "running", attempt=5, attempts=8))
        await until(lambda: pane.row is not None and pane.row.attempt == 5)
        await flight.pilot.pause()
        assert "attempt 5" in flight.text()


async def test_the_palette_does_what_it_names() -> None:
    async with flying() as flight:
        await flight.press("ctrl+p", *"sort", "enter")
        await until(lambda: isinstance(flight.app.screen, Dialog))
        await flight.press("2")
        await until(lambda: flight.overview.tasks.sort == Sort("task"))
        await flight.press("colon", *"theme", "enter")
        await until(lambda: flight.app.theme != "night")
        await flight.press("colon", *"mark", "enter")
        await until(lambda: flight.overview.tasks.marks)


async def test_resizing_keeps_the_cursor_in_sight() -> None:
    rows = [row(f"g/{number:03d}") for number in range(200)]
    async with flying(FakeEngine(board_of(*rows)), size=(120, 40)) as flight:
        tasks = flight.overview.tasks
        await flight.press("G")
        for size in [(80, 24), (200, 50), (40, 20), (120, 40)]:
            await flight.pilot.resize_terminal(*size)
            await flight.pilot.pause()
            assert tasks.top <= tasks.cursor < tasks.top + tasks.rows_visible
            assert "g/199" in flight.text()


def test_the_scene_has_what_pictures_must_show() -> None:
    board = night()
    assert len(board.tasks) > 40
    assert all(board.head.counts[phase] for phase in board.head.counts)
    assert any(len(task) >= 80 for task in board.tasks)
    assert Path(__file__).with_name("__snapshots__").is_dir()
