from textual.app import App, ComposeResult
from textual.screen import Screen

from supervisor.tui.glyphs import UNICODE
from supervisor.tui.widgets.lines import LOOK_CLASSES, Line
from supervisor.tui.widgets.reading import Reading


class Book(Reading):
    """A hundred lines under a title."""

    HEADER = 1

    @property
    def length(self) -> int:
        return 100

    def content(self, index: int) -> Line:
        return Line(((f"line {index}", ""),))


class Place(Screen[None]):
    """Has the looks."""

    COMPONENT_CLASSES = LOOK_CLASSES

    def compose(self) -> ComposeResult:
        yield Book(UNICODE)


class Stage(App[None]):
    """Shows it, eleven lines high."""

    CSS = "Book { height: 11; }"

    def get_default_screen(self) -> Place:
        return Place()


async def test_keys_and_wheel_scroll_within_the_text() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        book = app.screen.query_one(Book)
        book.focus()
        tops = []
        for key in ["j", "pagedown", "space", "k", "G", "j", "pageup", "g", "up", "enter", "end"]:
            await pilot.press(key)
            tops.append(book.top)
        assert tops == [1, 11, 21, 20, 90, 90, 80, 0, 0, 0, 90]
        book.on_mouse_scroll_up()
        assert book.top == 87
        book.on_mouse_scroll_down()
        assert book.top == 90
        assert book.render_line(0).text.strip() == ""
        assert book.render_line(1).text.strip() == "line 90"
