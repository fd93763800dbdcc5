from supervisor.tui.glyphs import UNICODE
from supervisor.tui.widgets.lines import Piece
from supervisor.tui.widgets.marking import MarkingList
from tests.tui.widgets.lists import shown, staged


class Numbers(MarkingList):
    """Rows that are their keys."""

    def __init__(self) -> None:
        super().__init__(UNICODE)
        self.set_keys(tuple(f"n{number:02d}" for number in range(50)))

    def title(self, width: int) -> tuple[Piece, ...]:
        return (self.titled("Numbers", width),)

    def header(self, width: int) -> tuple[Piece, ...]:
        return (("number", "dim"),)

    def row(self, key: str, width: int) -> tuple[Piece, ...]:
        return ((key.ljust(width), ""),)


def marked(numbers: Numbers) -> str:
    return " ".join(sorted(numbers.marks))


async def test_space_marks_and_goes_on_and_unmarks() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        await pilot.press("space", "j", "space")
        assert marked(numbers) == "n00 n02"
        assert shown(numbers)[2].startswith("◉n00")
        await pilot.press("g", "space")
        assert marked(numbers) == "n02"


async def test_a_range_follows_the_cursor_both_ways_and_keeps_other_marks() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        await pilot.press("space", "j", "j", "j")
        numbers.mark_range()
        await pilot.press("j", "j")
        assert marked(numbers) == "n00 n04 n05 n06"
        await pilot.press("k", "k", "k")
        assert marked(numbers) == "n00 n03 n04"
        await pilot.press("space", "j", "j")
        assert marked(numbers) == "n00 n03 n04"
        numbers.mark_range()
        await pilot.press("G")
        assert len(numbers.marks) == 3 + 45
        numbers.mark_range()
        await pilot.press("g", "pagedown")
        assert len(numbers.marks) == 3 + 45


async def test_shift_and_arrows_mark_until_another_move() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        numbers.extend(1)
        numbers.extend(1)
        assert marked(numbers) == "n00 n01 n02"
        numbers.extend(-1)
        assert marked(numbers) == "n00 n01"
        await pilot.press("j", "j", "j")
        assert marked(numbers) == "n00 n01"
        numbers.extend(1)
        await pilot.press("pagedown", "space")
        assert len(numbers.marks) == 5


async def test_a_range_over_rows_that_moved_marks_only_on_the_next_key() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        numbers.mark_range()
        await pilot.press("j")
        numbers.set_keys(("n00", "x", "y", "n01", "z"))
        assert marked(numbers) == "n00 n01"
        await pilot.press("j")
        assert marked(numbers) == "n00 n01 x y z"
        numbers.set_keys(("x", "y", "z"))
        await pilot.press("k")
        assert numbers.span is None
        assert marked(numbers) == "n00 n01 x y z"


async def test_all_or_none_of_what_is_listed() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        await pilot.press("space")
        everything = numbers.keys
        numbers.set_keys(everything[20:40])
        numbers.mark_shown()
        assert len(numbers.marks) == 21
        numbers.mark_shown()
        assert marked(numbers) == "n00"
        numbers.mark_shown()
        numbers.keep_marks(everything[30:])
        assert len(numbers.marks) == 10
        numbers.unmark()
        assert not numbers.marks
        assert numbers.seen == frozenset(everything[20:30])


async def test_an_empty_list_has_nothing_to_mark() -> None:
    numbers = Numbers()
    async with staged(numbers) as pilot:
        numbers.set_keys(())
        numbers.mark_range()
        numbers.extend(1)
        numbers.mark_shown()
        await pilot.press("space")
        assert numbers.span is None
        assert not numbers.marks
