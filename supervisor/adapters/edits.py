"""Tells when files that people edit were written: watched by watchfiles, compared by their facts."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing
from importlib import import_module

log = logging.getLogger(__name__)

_TOGETHER_MS = 500
"""An editor writes in several steps: they come together."""
_STEP_MS = 100
_FIRST_S = 3.0
"""Watching costs 10 ms and 3 MiB to begin with, which no start and no short batch should pay for."""
_LOOK_S = 10.0
"""Where no event comes (a network file system, no watch to be had) the files are looked at so often."""

_Facts = tuple[tuple[int, int, int] | None, ...]


async def edited(
    paths: Callable[[], Collection[str]], *, look_s: float = _LOOK_S, first_s: float = _FIRST_S
) -> AsyncGenerator[None, None]:
    """Yield soon after any of ``paths`` was written, replaced, removed or came to be.

    Which those are is asked anew each time. Their directories are watched, not what is below.
    """
    watched = _wanted(paths)
    known = _facts(watched)
    await asyncio.sleep(first_s)
    # Now and not with the first edit: an upgrade may replace its files meanwhile.
    await asyncio.to_thread(import_module, "watchfiles")
    while True:
        wanted = _wanted(paths)
        facts = _facts(wanted)
        if wanted == watched and facts != known:
            known = facts
            yield
            continue
        watched, known = wanted, facts
        await _change_or_look(watched, look_s)


def _wanted(paths: Callable[[], Collection[str]]) -> tuple[str, ...]:
    named = paths()
    return tuple(sorted({*named, *map(os.path.realpath, named)}))


async def _change_or_look(wanted: tuple[str, ...], look_s: float) -> None:
    """Return after a change to one of ``wanted``, or when it is time to look."""
    # Its hints name trio, which is not there.
    from watchfiles import awatch  # pyright: ignore[reportUnknownVariableType]

    names = frozenset(wanted)
    folders = _folders(wanted)
    try:
        if folders:
            async with aclosing(
                awatch(
                    *folders,
                    watch_filter=lambda _change, path: path in names,
                    debounce=_TOGETHER_MS,
                    step=_STEP_MS,
                    rust_timeout=round(look_s * 1000),
                    yield_on_timeout=True,
                    recursive=False,
                    ignore_permission_denied=True,
                )
            ) as changes:
                async for _ in changes:
                    return
    except (OSError, RuntimeError) as error:
        log.warning("edits are looked for every %g s", look_s, exc_info=error)
    await asyncio.sleep(look_s)


def _folders(paths: Iterable[str]) -> list[str]:
    folders = dict.fromkeys(os.path.dirname(path) for path in paths)  # noqa: PTH120 - texts all along
    return [folder for folder in folders if os.path.isdir(folder)]  # noqa: PTH112


def _facts(paths: Iterable[str]) -> _Facts:
    return tuple(map(_of_file, paths))


def _of_file(path: str) -> tuple[int, int, int] | None:
    try:
        facts = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino
