"""What the program asks of the engine for its screens, and the line in which it answers."""

from functools import partial
from pathlib import Path
from typing import Literal

from textual import work
from textual.reactive import var

from supervisor.ports import EngineApi, EngineGoneError, Hits, SupervisorError
from supervisor.tui.format import plain
from supervisor.tui.glyphs import Glyphs
from supervisor.tui.link import described, windows
from supervisor.tui.messages import (
    READ_ONLY,
    ArrivalsAsked,
    Asked,
    Copied,
    DescribeAsked,
    ExportWanted,
    LogAsked,
    NightAsked,
    PageAsked,
    ResourcesAsked,
    Said,
    SearchAsked,
    Wanted,
)
from supervisor.tui.settings import Settings
from supervisor.tui.terminal import TerminalApp

SAID_S = 5.0
Parting = Literal["left", "over"]
"""How the operator left: the batch goes on, or there is nothing more to wait for."""


class TalkingApp(TerminalApp[Parting], inherit_bindings=False):
    """Hands on what widgets and screens want; they never speak to the engine themselves."""

    said: var[tuple[str, bool] | None] = var[tuple[str, bool] | None](None, init=False)

    def __init__(
        self,
        engine: EngineApi,
        *,
        who: str,
        read_only: bool,
        glyphs: Glyphs,
        settings: Settings,
        ansi_color: bool | None,
    ) -> None:
        super().__init__(settings, ansi_color=ansi_color)
        self._engine = engine
        self._who = who
        self._read_only = read_only
        self._glyphs = glyphs
        self._saying = 0

    def on_wanted(self, message: Wanted) -> None:
        """Hand an intent to the engine, unless this is only a reader."""
        if self._read_only:
            self._say(READ_ONLY, bad=True)
        else:
            self._submit(message)

    @work(group="submit")
    async def _submit(self, message: Wanted) -> None:
        try:
            answer = await self._engine.submit(message.intent, self._who)
        except EngineGoneError as error:
            self._say(f"not done, the engine does not answer: {error}", bad=True)
            return
        text = "; ".join(answer.messages) or ("done" if answer.ok else "refused")
        self._say(text, bad=not answer.ok)

    def on_said(self, message: Said) -> None:
        """Say it at the bottom, for a while."""
        self._saying += 1
        self.said = (message.text, message.bad)
        self.set_timer(SAID_S, partial(self._hush, self._saying))

    def _say(self, text: str, *, bad: bool = False) -> None:
        self.on_said(Said(text, bad))

    def _hush(self, number: int) -> None:
        if number == self._saying:
            self.said = None

    def on_copied(self, message: Copied) -> None:
        """Send it to the terminal's clipboard, with nothing in it that steers what it is pasted into."""
        self.copy_to_clipboard("\n".join(plain(line) for line in message.text.split("\n")))
        lines = message.text.count("\n") + 1
        self._say(f"copied {message.text}" if lines == 1 else f"copied {lines} lines")

    def on_asked(self, message: Asked) -> None:
        """Put the question."""
        self.push_screen(message.dialog, message.answered)

    @work(exclusive=True, group="page")
    async def on_page_asked(self, message: PageAsked) -> None:
        """Ask for all that is known of a task."""
        try:
            page = await self._engine.task(message.task)
        except EngineGoneError as error:
            message.answer(None, f"the engine does not answer: {error}")
        except SupervisorError as error:
            message.answer(None, str(error))
        else:
            message.answer(page, "")

    @work(group="search")
    async def on_search_asked(self, message: SearchAsked) -> None:
        """Search on."""
        ask = message.ask
        try:
            hits = await self._engine.search(
                ask.task, ask.attempt, ask.stream, message.text, ask.offset, regex=message.regex
            )
        except SupervisorError as error:
            hits = Hits(lines=(), until=ask.offset, size=0, trouble=str(error))
        message.answer(hits)

    @work(group="arrivals", exclusive=True)
    async def on_arrivals_asked(self, message: ArrivalsAsked) -> None:
        """Ask when a log grew."""
        ask = message.ask
        try:
            message.answer(await self._engine.arrivals(ask.task, ask.attempt, ask.stream))
        except SupervisorError:
            message.answer(())  # the log says that the engine is gone

    @work(group="log")
    async def on_log_asked(self, message: LogAsked) -> None:
        """Read the pieces."""
        message.answer(message.asks, await windows(self._engine, message.asks))

    @work(exclusive=True, group="describe")
    async def on_describe_asked(self, message: DescribeAsked) -> None:
        """Ask for the container."""
        message.answer(*await described(self._engine, message.container))

    @work(exclusive=True, group="night")
    async def on_night_asked(self, message: NightAsked) -> None:
        """Ask for the night over time."""
        try:
            night = await self._engine.timeline(message.slices)
        except SupervisorError as error:
            message.answer(None, f"the engine does not answer: {error}")
        else:
            message.answer(night, "")

    @work(exclusive=True, group="resources")
    async def on_resources_asked(self, message: ResourcesAsked) -> None:
        """Ask what the machine has and uses."""
        try:
            found = await self._engine.resources()
        except SupervisorError as error:
            message.answer(None, f"the engine does not answer: {error}")
        else:
            message.answer(found, "")

    @work(exclusive=True, group="export")
    async def on_export_wanted(self, _: ExportWanted) -> None:
        """Write what failed beside where the program was started; never over another file."""
        import json

        from supervisor.core.places import encoded

        try:
            found = await self._engine.failed()
            name = (await self._engine.snapshot()).head.batch
        except EngineGoneError as error:
            self._say(f"not written, the engine does not answer: {error}", bad=True)
            return
        text = json.dumps(list(found), indent=2, ensure_ascii=False) + "\n"
        try:
            path = _write_new(Path.cwd(), f"{encoded(name)}-failures", text)
        except OSError as error:
            self._say(f"not written: {error}", bad=True)
        else:
            self._say(f"{len(found)} failures written to {path}")


def _write_new(folder: Path, stem: str, text: str) -> Path:
    for number in range(1, 1000):
        path = folder / (f"{stem}.json" if number == 1 else f"{stem}-{number}.json")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except FileExistsError:
            continue
        return path
    raise FileExistsError(f"{folder / stem}.json and 998 others exist already")
