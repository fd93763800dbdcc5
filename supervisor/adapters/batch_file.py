"""The edited batch file: watched here, read by a process of its own."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from typing import cast

from supervisor.adapters.edits import edited
from supervisor.core.lines import clean
from supervisor.ports import ConfigError

log = logging.getLogger(__name__)

_TIMEOUT_S = 120.0


class ReadApart:
    """Implements ``BatchFile``. Engines read no YAML: a batch file may be huge, or made by mistake."""

    def __init__(self, argv: Sequence[str], *, timeout_s: float = _TIMEOUT_S) -> None:
        """``argv`` leaves the batch behind and exits 0, or writes its faults as a JSON list, exit 1."""
        self._argv = argv
        self._timeout_s = timeout_s

    def edited(self, paths: Callable[[], Collection[str]]) -> AsyncGenerator[None, None]:
        """See ``BatchFile.edited``."""
        return edited(paths)

    async def read(self) -> None:
        """See ``BatchFile.read``."""
        try:
            code, out, err = await self._ran()
        except (OSError, TimeoutError) as error:
            why = str(error) or f"not done after {self._timeout_s:g} s"
            raise ConfigError([f"the batch file could not be read: {why}"]) from error
        if code == 0:
            return
        raise ConfigError(_faults(out) or [f"the batch file could not be read: {_last(err, code)}"])

    async def _ran(self) -> tuple[int | None, bytes, bytes]:
        # In the engine's session: a stranger in one of its own would be taken for an orphan.
        process = await asyncio.create_subprocess_exec(
            *self._argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(self._timeout_s):
                out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return process.returncode, out, err


def _faults(out: bytes) -> list[str]:
    try:
        said: object = json.loads(out)
    except ValueError:
        return []
    return [str(one) for one in cast("list[object]", said)] if isinstance(said, list) else []


def _last(err: bytes, code: int | None) -> str:
    lines = clean(err + b"\n").decode("utf-8", "replace").split("\n")
    said = [line for line in lines if line.strip()]
    log.warning("the batch file's reader failed", extra={"code": code, "said": said[-20:]})
    return said[-1] if said else f"exit {code}"
