"""Every screen at every size: from a sliver of a pane to a wall, nothing fails and nothing overflows."""

import pytest

from tests.support import until
from tests.tui.dock import docked
from tests.tui.piloting import flying
from tests.tui.screens.test_timeline import story

SIZES = [(1, 1), (7, 3), (20, 6), (40, 20), (80, 24), (300, 100)]
VISITS = [
    ("1",),
    ("2",),
    ("3",),
    ("4",),
    ("5",),
    ("6",),
    ("1", "?"),
    ("1", ":"),
    ("1", "/"),
    ("1", "K"),
    ("1", "!"),
]


@pytest.mark.parametrize("size", SIZES)
async def test_every_screen_fits(size: tuple[int, int]) -> None:
    fake = docked()
    fake.night = story()
    async with flying(fake, size=size) as flight:
        for keys in VISITS:
            await flight.press(*keys)
            lines = flight.text().splitlines()
            assert len(lines) <= size[1]
            assert max(map(len, lines), default=0) <= size[0]
            if len(keys) > 1:
                await flight.press("escape")
                await until(lambda: flight.app.screen is flight.overview)


async def test_a_phone_shows_first_what_needs_its_owner() -> None:
    async with flying(docked(), size=(40, 20)) as flight:
        lines = flight.text().splitlines()
        assert "azure: login expired" in "\n".join(lines[2:4])
        assert "az login" in "\n".join(lines[2:5])
        assert (
            sum(
                flight.overview.query_one(f"#{pane}").display for pane in ("tasks", "groups", "log")
            )
            == 1
        )
