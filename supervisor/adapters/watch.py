"""Files that the batch file names by pattern: watched by watchfiles, read where they grew."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from supervisor.adapters.places import Places
from supervisor.core.globs import fixed_part, matcher
from supervisor.ports.sources import Piece

if TYPE_CHECKING:
    from watchfiles import Change

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

_STEP_MS = 50
_TOGETHER_MS = 200
"""Changes within this time come together."""
_LOOK_MS = 1000
"""How often a directory that does not exist yet is looked for."""
_DELETED = 3
_AGAIN_S = 5.0
"""Between looks by ourselves where the kernel grants no watch."""


class WatchedFiles:
    """Implements ``SourceFiles``. One watch over all directories; a new one begins it anew."""

    def __init__(
        self,
        *,
        notice: Callable[[str], None] = lambda text: log.warning("%s", text),
        again_s: float = _AGAIN_S,
        at_once: bool = False,
    ) -> None:
        """``at_once`` loads what watching needs now, not only when there is something to watch."""
        self._notice = notice
        self._again_s = again_s
        self._places = Places()
        self._one_at_a_time = asyncio.Lock()
        self._patterns: dict[str, float] = {}
        self._untaken: dict[str, float] = {}
        self._renewed = asyncio.Event()
        self._refused = False
        if at_once:
            import_module("watchfiles")

    def watch(self, patterns: Collection[str], since: float) -> None:
        """Watch for files that these match, besides those watched already; cheap to repeat."""
        for pattern in patterns:
            if pattern not in self._patterns:
                self._patterns[pattern] = self._untaken[pattern] = since
                self._renewed.set()

    async def changed(self) -> AsyncGenerator[Sequence[str], None]:
        """Yield paths of matching files soon after they were written to. One reader."""
        while True:
            await self._renewed.wait()
            self._renewed.clear()
            await self._take_stock()
            async with aclosing(self._until_renewed()) as news:
                async for paths in news:
                    yield paths
            if found := await self._look():
                yield found

    async def written(self, patterns: Collection[str], since: float) -> Sequence[str]:
        """Return matching files written to since then of which something was not read yet."""
        return await self._apart(self._places.unread, patterns, since)

    async def read(self, path: str) -> Piece | None:
        """Return what was not read yet of a file, at most 4 MiB; None: nothing, or no such file."""
        return await self._apart(self._places.read, path)

    async def _apart(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        async with self._one_at_a_time:
            return await asyncio.to_thread(partial(work, *args, **kwargs))

    async def _take_stock(self) -> None:
        """What lies there from before is old."""
        untaken, self._untaken = self._untaken, {}
        for pattern, since in untaken.items():
            await self._apart(self._places.pass_over, (pattern,), since)

    async def _until_renewed(self) -> AsyncGenerator[Sequence[str], None]:
        """Yield news until there is another directory to watch."""
        wanted = {fixed_part(pattern) for pattern in self._patterns}
        roots = _directories(wanted)
        if not roots or self._refused:
            await self._rest(self._again_s if self._refused else _LOOK_MS / 1000)
            self._renewed.set()
            return
        # Costs 10 ms and 1 MiB, which most batches never need; its hints name trio, which is not there.
        from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

        try:
            async with aclosing(
                awatch(
                    *_outermost(roots),
                    watch_filter=None,
                    debounce=_TOGETHER_MS,
                    step=_STEP_MS,
                    stop_event=self._renewed,
                    rust_timeout=_LOOK_MS,
                    yield_on_timeout=True,
                    ignore_permission_denied=True,
                )
            ) as changes:
                looked = False
                async for change in changes:
                    # What came before the watch was there made no event.
                    missed = await self._missed(change) if looked else await self._look()
                    looked = True
                    if paths := [*self._paths(change), *missed]:
                        yield list(dict.fromkeys(paths))
                    if _directories(wanted.difference(roots)):
                        break
        except (OSError, RuntimeError) as error:
            self._refused = True
            self._notice(f"result files are looked at every {self._again_s:g} s: {error}")
        self._renewed.set()

    async def _rest(self, seconds: float) -> None:
        """Wait, or be called for another directory."""
        try:
            async with asyncio.timeout(seconds):
                await self._renewed.wait()
        except TimeoutError:
            return

    async def _look(self) -> list[str]:
        found: dict[str, None] = {}
        for pattern, since in tuple(self._patterns.items()):
            if pattern not in self._untaken:
                found.update(dict.fromkeys(await self.written((pattern,), since)))
        return list(found)

    async def _missed(self, changes: Collection[tuple["Change", str]]) -> list[str]:
        """Return what was written into new directories before those were watched."""
        found: list[str] = []
        for folder in _outermost(_directories([path for _, path in changes])):
            since = min(self._patterns.values())
            found += await self._apart(
                self._places.unread_below, folder, tuple(self._patterns), since
            )
        return found

    def _paths(self, changes: Collection[tuple["Change", str]]) -> list[str]:
        paths: list[str] = []
        for change, path in changes:
            if not any(matcher(pattern).fullmatch(path) for pattern in self._patterns):
                continue
            if change == _DELETED:
                self._places.forget(path)
            else:
                paths.append(path)
        return sorted(paths)


def _directories(paths: Collection[str]) -> list[str]:
    return [path for path in paths if os.path.isdir(path)]  # noqa: PTH112 - texts all along


def _outermost(roots: Collection[str]) -> list[str]:
    """Return the directories that lie in none of the others."""
    outer: list[str] = []
    for root in sorted(roots):
        if not outer or not f"{root}/".startswith(f"{outer[-1].rstrip('/')}/"):
            outer.append(root)
    return outer
