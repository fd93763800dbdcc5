"""The diff must leave the terminal as plain Textual would, whatever happens, with fewer bytes."""

import asyncio
import random
import re
from typing import Any

import pyte
import pytest
from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.events import Resize
from textual.geometry import Region, Size
from textual.strip import Strip

from supervisor.tui.app import OvernightApp
from supervisor.tui.diff import ScreenDiff
from supervisor.tui.places import SCREENS
from tests.fakes.engine import row
from tests.support import until
from tests.tui.dock import docked
from tests.tui.piloting import Flight, flying, steady
from tests.tui.scene import LONG, NOW
from tests.tui.screens.test_timeline import story

ALLOWED = re.compile(r"\x1b\[\d+;\d+H|\x1b\[\d+G|\x1b\[[\d;]*m")
SIZE = (80, 24)


class Terminal:
    """A terminal emulator, and what was sent to it."""

    def __init__(self) -> None:
        self.screen = pyte.Screen(*SIZE)
        self.stream = pyte.Stream(self.screen)
        self.sent: list[str] = []

    def feed(self, text: str) -> None:
        self.sent.append(text)
        self.stream.feed(text)

    def resize(self, width: int, height: int) -> None:
        """Take another size; what stands there then is anything."""
        self.screen.resize(height, width)
        self.screen.reset()
        self.stream.feed("\x1b[44m" + "garbage " * 400)

    def cells(self) -> list[list[Any]]:
        shown = self.screen
        return [[shown.buffer[y][x] for x in range(shown.columns)] for y in range(shown.lines)]


class Twice(OvernightApp):
    """Draws on two terminals: as plain Textual, and through the diff."""

    def __init__(self, *args: Any, **facts: Any) -> None:
        super().__init__(*args, **facts)
        self.plain, self.light = Terminal(), Terminal()
        self.paper = Console(color_system="256", force_terminal=True)

    def _display(self, screen: Any, renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.plain.feed(renderable.render_segments(self.paper))
            lighter = self._wire.lighter(renderable)
            assert isinstance(lighter, CompositorUpdate)
            assert type(lighter) is not type(renderable)
            self.light.feed(lighter.render_segments(self.paper))


def same(flight: Flight) -> None:
    app = flight.app
    assert isinstance(app, Twice)
    for y, (plain, light) in enumerate(zip(app.plain.cells(), app.light.cells(), strict=True)):
        assert light == plain, f"line {y}"


async def test_every_step_ends_in_the_same_picture_for_fewer_bytes() -> None:
    async with flying(kind=Twice, size=SIZE) as flight:
        await until(lambda: flight.overview.log_pane.visible_text())
        keys = ["j", "k", "pagedown", "G", "g", "space", "space", "tab", "k", "tab", "j", "tab"]
        keys += ["enter", "escape", "s", "t", "t", "t", "t", "question_mark", "j", "escape"]
        keys += ["K", "escape", "slash", "c", "o", "enter", "escape", "colon", "p", "a", "escape"]
        for key in keys:
            await flight.press(key)
            same(flight)
        app = flight.app
        assert isinstance(app, Twice)
        assert sum(map(len, app.light.sent)) * 4 < sum(map(len, app.plain.sent))


QUESTIONS = ["question_mark", "escape", "colon", "p", "escape"]
"""On every screen something lies over it for a while."""
KEYS = {
    "overview": ["j", "pagedown", "tab", "j", "space", "s", "K", "escape", "w", "escape"],
    "containers": ["j", "pagedown", "G", "enter", "j", "escape", "s", "slash", "a", "escape"],
    "failures": ["j", "G", "enter", "space", "escape", "slash", "5", "enter", "escape"],
    "timeline": ["j", "j", "pagedown", "G", "g"],
    "log": ["g", "pagedown", "ampersand", "5", "enter", "j", "escape", "escape", "W", "right", "o"],
}


@pytest.mark.parametrize("place", [place.name for place in SCREENS])
async def test_every_screen_is_the_same_under_questions_resizes_and_a_suspension(
    place: str,
) -> None:
    fake = docked()
    fake.night = story(60)
    async with flying(fake, kind=Twice, size=SIZE) as flight:
        app = flight.app
        assert isinstance(app, Twice)
        await flight.press(next(one.key for one in SCREENS if one.name == place))
        same(flight)
        for key in [*KEYS.get(place, ["j", "pagedown", "k"]), *QUESTIONS, "t", "1"]:
            await flight.press(key)
            same(flight)
        await flight.press(next(one.key for one in SCREENS if one.name == place), "question_mark")
        for size in [(100, 30), (41, 20), (160, 50), SIZE]:
            app.plain.resize(*size)
            app.light.resize(*size)
            await flight.pilot.resize_terminal(*size)
            await flight.pilot.pause()
            same(flight)
        app.plain.resize(*SIZE)  # another program had the terminal
        app.light.resize(*SIZE)
        app.app_resume_signal.publish(app)
        await flight.pilot.pause()
        same(flight)


async def test_changes_of_the_board_end_in_the_same_picture() -> None:
    async with flying(kind=Twice, size=SIZE) as flight:
        for done in range(4):
            wide = row(f"colbench/{'評' * done}-x", "failed", attempt=1, cause="価" * done)
            busy = row(LONG, "running", attempt=2, since=NOW, progress=(done, 80))
            seq = flight.fake.board.seq + 1
            await flight.fake.show(busy, wide)
            await until(lambda seq=seq: flight.app.board.seq == seq)
            await flight.pilot.pause()
            same(flight)


async def test_a_resize_and_a_redraw_begin_anew() -> None:
    async with flying(kind=Twice, size=SIZE) as flight:
        app = flight.app
        assert isinstance(app, Twice)
        for size in [(100, 30), (40, 20), (200, 50), (80, 24)]:
            app.plain.resize(*size)
            app.light.resize(*size)
            await flight.pilot.resize_terminal(*size)
            await flight.pilot.pause()
            await flight.press("j")
            same(flight)
        app.light.resize(*SIZE)
        app.plain.resize(*SIZE)
        await flight.press("ctrl+l")
        same(flight)


async def test_nothing_but_text_colors_and_moves_reaches_the_terminal() -> None:
    async with flying(kind=Twice, size=(200, 50)) as flight:
        await until(lambda: flight.overview.log_pane.visible_text())
        place = flight.overview.tasks.keys.index(LONG)
        pane = flight.overview.log_pane
        await flight.press(*"j" * place)
        await until(lambda: "31/80" in pane.visible_text())
        await flight.press("o")
        assert pane.visible_text() == "warning: slow disk"
        await flight.press("w", "escape", "K", "escape")
        app = flight.app
        assert isinstance(app, Twice)
        sent = "".join(app.light.sent)
        assert "rkup[/] redgnp.exe" in flight.text()
        rest = ALLOWED.sub("", sent)
        assert all(char.isprintable() for char in rest), re.findall(r"[^\x20-\x7e].{9}", rest)[:3]


def test_an_unknown_update_is_left_alone() -> None:
    diff = ScreenDiff()
    other = object()
    assert diff.lighter(other) is other
    bare = LayoutUpdate.__new__(LayoutUpdate)
    assert diff.lighter(bare) is bare
    chops = ChopsUpdate.__new__(ChopsUpdate)
    assert diff.lighter(chops) is chops


@pytest.mark.parametrize("system", [None, "standard", "256", "truecolor"])
def test_the_same_picture_again_costs_nothing(system: Any) -> None:
    diff = ScreenDiff()
    console = Console(color_system=system, force_terminal=True)

    def sent(text: str) -> str:
        update = LayoutUpdate([[Strip.blank(3)], [Strip.from_lines([])]], Region(0, 0, 9, 2))
        update.strips = [[Strip([*Strip.blank(1), *_segments(text)])]]
        lighter = diff.lighter(update)
        assert isinstance(lighter, CompositorUpdate)
        return lighter.render_segments(console)

    assert "ab" in sent("ab")
    assert sent("ab") == ""
    assert sent("ax").endswith("x\x1b[m" if system else "x")
    diff.forget()
    assert "ax" in sent("ax")


def _segments(text: str) -> list[Any]:
    from rich.segment import Segment
    from rich.style import Style

    return [Segment(text, Style.parse("bold red on blue"))]


async def storm(flight: Flight, sizes: list[tuple[int, int]]) -> None:
    """Resize as fast as events can be sent; whatever stood there is garbage after each."""
    app = flight.app
    assert isinstance(app, Twice)
    for size in sizes:
        app.plain.resize(*size)
        app.light.resize(*size)
        app.post_message(Resize(Size(*size), Size(*size)))
        if sizes.index(size) % 7 == 0:
            await asyncio.sleep(0)
    await until(lambda: app.size == Size(*sizes[-1]) and not garbage(flight))
    await steady(flight.pilot)


async def test_a_hundred_resizes_end_in_the_picture_of_a_fresh_screen() -> None:
    dice = random.Random(6)
    sizes = [(dice.randint(20, 200), dice.randint(8, 60)) for _ in range(100)] + [(100, 30)]
    async with flying(kind=Twice, size=SIZE) as flight:
        await until(lambda: flight.overview.log_pane.visible_text())
        await storm(flight, sizes)
        same(flight)
        text = flight.text()
    async with flying(size=(100, 30)) as fresh:
        await until(lambda: fresh.overview.log_pane.visible_text())
        await steady(fresh.pilot)
        assert fresh.text() == text


async def test_a_size_that_comes_back_at_once_is_drawn_anew_all_the_same() -> None:
    async with flying(kind=Twice, size=SIZE) as flight:
        await until(lambda: flight.overview.log_pane.visible_text())
        await steady(flight.pilot)
        await storm(flight, [(60, 20), SIZE])
        same(flight)
        await storm(flight, [SIZE])
        same(flight)


def garbage(flight: Flight) -> bool:
    """Return whether anything of what a resize leaves is still to be seen: it is on blue."""
    assert isinstance(flight.app, Twice)
    return any(cell.bg == "blue" for line in flight.app.light.cells() for cell in line)
