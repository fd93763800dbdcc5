"""A list on a stage of its own, ten rows high."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from supervisor.tui.widgets.lines import LOOK_CLASSES
from supervisor.tui.widgets.listing import Listing


class Place(Screen[None]):
    """Has the looks."""

    COMPONENT_CLASSES = LOOK_CLASSES


class Stage(App[None]):
    """Shows one list."""

    CSS = "Listing { height: 12; width: 40; }"

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing
        self.heard: list[Any] = []

    def get_default_screen(self) -> Place:
        return Place()

    async def on_mount(self) -> None:
        await self.screen.mount(self.listing)


@asynccontextmanager
async def staged(listing: Listing) -> AsyncIterator[Pilot[None]]:
    """Show ``listing`` and give it the keys."""
    async with Stage(listing).run_test(size=(60, 20)) as pilot:
        listing.focus()
        await pilot.pause()
        yield pilot


def shown(listing: Listing) -> list[str]:
    """Return the lines that it draws."""
    return [listing.render_line(y).text.rstrip() for y in range(listing.size.height)]
