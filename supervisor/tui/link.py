"""How the screen stays in touch with the engine."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from supervisor.core.board import Board, applied
from supervisor.core.names import Stream
from supervisor.ports import (
    EngineApi,
    EngineGoneError,
    EngineTooNewError,
    LogWindow,
    NoSuchContainerError,
    NoSuchTaskError,
    SupervisorError,
)
from supervisor.tui.messages import LogAsk

if TYPE_CHECKING:
    from supervisor.ports.containers import Described

REDRAW_S = 0.25
"""Bursts within this time become one picture."""
DESCRIBED_LINES = 500
"""Of a container's output, so many are shown."""
FIRST_RETRY_S = 0.5
LONGEST_RETRY_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Whether the engine can be heard."""

    state: Literal["connecting", "live", "gone", "ended"] = "connecting"
    """``gone``: tried again; ``ended``: it said goodbye, or speaks another version."""
    since: float = 0.0
    detail: str = ""
    cure: str = ""
    """The command that begins another engine, where this one is known to live no more."""


CONNECTING = Link()


async def follow(
    engine: EngineApi,
    board: Board,
    now: Callable[[], float],
    show: Callable[[Board], None],
    tell: Callable[[Link], None],
) -> None:
    """Keep ``show`` supplied with pictures, at most four a second, until the engine ends in order.

    A line that breaks is told and tried again with growing patience, for as long as it takes.
    """
    wait_s = FIRST_RETRY_S
    gone_since: float | None = None
    while True:
        try:
            async with aclosing(engine.changes()) as changes:
                async for change in changes:
                    if gone_since is not None or not board.connected:
                        tell(Link(state="live", since=now()))
                    gone_since, wait_s = None, FIRST_RETRY_S
                    board = applied(board, change)
                    show(board)
                    await asyncio.sleep(REDRAW_S)
        except EngineTooNewError as error:
            tell(Link(state="ended", since=now(), detail=str(error)))
            return
        except EngineGoneError as error:
            gone_since = now() if gone_since is None else gone_since
            tell(Link(state="gone", since=gone_since, detail=str(error), cure=error.cure))
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_RETRY_S)
        else:
            tell(Link(state="ended", since=now()))
            return


async def described(engine: EngineApi, container: str) -> "tuple[Described | None, str]":
    """Return a container in full, or nothing and why."""
    try:
        return await engine.describe(container, DESCRIBED_LINES), ""
    except NoSuchContainerError:
        return None, "it is there no more"
    except SupervisorError as error:
        return None, str(error)


async def windows(engine: EngineApi, asks: Sequence[LogAsk]) -> Mapping[Stream, LogWindow]:
    """Read pieces of logs; nothing at all while the engine is gone, an empty log where is none."""
    read: dict[Stream, LogWindow] = {}
    try:
        for ask in asks:
            try:
                read[ask.stream] = await engine.log(
                    ask.task, ask.attempt, ask.stream, ask.offset, ask.size
                )
            except NoSuchTaskError:
                read[ask.stream] = LogWindow(offset=0, size=0, data=b"")
    except EngineGoneError:
        return {}
    return read
