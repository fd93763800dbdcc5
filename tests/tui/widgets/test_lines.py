from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.widgets.lines import BLANK, LOOK_CLASSES, Line, Lines, cells


class Two(Lines):
    """Two lines that a test sets."""

    said: tuple[Line, ...] = (BLANK, BLANK)

    def describe(self, y: int) -> Line:
        return self.said[y]


class Place(Screen[None]):
    """Has the looks."""

    COMPONENT_CLASSES = LOOK_CLASSES

    def compose(self) -> ComposeResult:
        yield Two(UNICODE)


class Stage(App[None]):
    """Shows them."""

    CSS = """
    Two { height: 2; width: 10; }
    .lines--bad { color: red; }
    .lines--cursor { background: blue; }
    """

    def get_default_screen(self) -> Place:
        return Place()


async def test_lines_are_as_wide_as_the_widget_whatever_they_say() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        two = app.screen.query_one(Two)
        two.said = (Line((("評価タスク評価", ""),)), Line((("a\x1b[2J\x07b", "bad"),), "cursor"))
        two.repaint()
        await pilot.pause()
        first, second = two.render_line(0), two.render_line(1)
        assert cells(first.text) == cells(second.text) == 10
        assert second.text.startswith("ab ")
        style = next(iter(second)).style
        assert style is not None
        assert style.color is not None
        assert style.bgcolor is not None


async def test_only_what_differs_is_refreshed() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await pilot.pause()
        two = app.screen.query_one(Two)
        painted: list[Region] = []
        refresh = two.refresh
        two.refresh = lambda *at, **how: (painted.extend(at), refresh(*at, **how))[1]  # type: ignore[assignment,func-returns-value]
        two.said = (BLANK, Line((("x", ""),)))
        two.repaint()
        two.repaint()
        assert painted == [Region(0, 1, 10, 1)]
        await pilot.pause()
        two.display = False
        two.said = (Line((("y", ""),)), BLANK)
        painted.clear()
        two.repaint()
        assert painted == []
