"""Drives the program without a terminal."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.pilot import Pilot

from supervisor.tui.app import NO_SETTINGS, OvernightApp
from supervisor.tui.glyphs import UNICODE, Glyphs
from supervisor.tui.screens.overview import OverviewScreen
from supervisor.tui.settings import Settings
from supervisor.tui.talking import Parting
from tests.fakes.engine import FakeEngine
from tests.support import until
from tests.tui.scene import NOW, THEMES, engine


class Time:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


def program(
    fake: FakeEngine,
    *,
    theme: str = "night",
    read_only: bool = False,
    glyphs: Glyphs = UNICODE,
    time: Time | None = None,
    kind: type[OvernightApp] = OvernightApp,
    settings: Settings = NO_SETTINGS,
) -> OvernightApp:
    """Return the program on an engine, with a clock that does not move by itself."""
    return kind(
        fake,
        themes=THEMES,
        theme=theme,
        now=time or Time(),
        who="me",
        read_only=read_only,
        refresh_s=0.02,
        glyphs=glyphs,
        settings=settings,
    )


async def steady(pilot: Pilot[Any]) -> None:
    """Return when the screen has stopped changing by itself."""
    before = ""
    while (now := picture(pilot.app)) != before:
        before = now
        await pilot.pause(0.05)


def overview(pilot: Pilot[Any]) -> OverviewScreen:
    """Return the first screen."""
    screen = pilot.app._screen_stacks["overview"][0]
    assert isinstance(screen, OverviewScreen)
    return screen


async def settled(pilot: Pilot[Any]) -> None:
    """Return when the first board is shown, with the log of its first task."""
    await until(lambda: pilot.app.board.connected)  # type: ignore[attr-defined]
    pane = overview(pilot).log_pane
    await until(lambda: not pane.display or pane.visible_text())
    await steady(pilot)


def picture(app: App[Any]) -> str:
    """Return the whole screen as text."""
    strips = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in strips)


@dataclass
class Flight:
    """A running program and what a test needs of it."""

    fake: FakeEngine
    app: OvernightApp
    pilot: Pilot[Parting]
    time: Time

    @property
    def overview(self) -> OverviewScreen:
        return overview(self.pilot)

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def wanted(self, count: int = 1) -> list[object]:
        """Return the intents that reached the engine, once there are ``count``."""
        await until(lambda: len(self.fake.wanted) >= count)
        return [intent for intent, _ in self.fake.wanted]

    async def said(self) -> str:
        """Return what stands at the bottom, once something does."""
        await until(lambda: self.app.said)
        assert self.app.said is not None
        return self.app.said[0]

    def text(self) -> str:
        """Return the whole screen as text."""
        return picture(self.app)


@asynccontextmanager
async def flying(
    fake: FakeEngine | None = None,
    *,
    size: tuple[int, int] = (80, 24),
    read_only: bool = False,
    glyphs: Glyphs = UNICODE,
    kind: type[OvernightApp] = OvernightApp,
    settings: Settings = NO_SETTINGS,
) -> AsyncIterator[Flight]:
    """Run the program until the block ends; it begins when the first board is shown."""
    fake = fake or engine()
    time = Time()
    app = program(fake, read_only=read_only, glyphs=glyphs, time=time, kind=kind, settings=settings)
    async with app.run_test(size=size) as pilot:
        flight = Flight(fake, app, pilot, time)
        if not fake.gone:
            await until(lambda: app.board.connected)
        await pilot.pause()
        yield flight
