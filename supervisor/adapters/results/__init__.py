"""Reads what runners left behind, and asks those that live: one module per format."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from supervisor.adapters.results import (
    hal,
    inspect_control,
    inspect_log,
    lm_eval,
    pytest,
    swebench,
)
from supervisor.adapters.results.beside import Beside
from supervisor.adapters.results.bounded import Unreadable, told
from supervisor.adapters.results.signs import missing_files, missing_markers
from supervisor.core.models import ResultsSeen
from supervisor.ports import Look, Said

__all__ = ["READERS", "FileResults"]

log = logging.getLogger(__name__)

READERS: Mapping[str, Callable[[Look], ResultsSeen]] = MappingProxyType(
    {
        "hal": hal.read,
        "inspect": inspect_log.read,
        "lm_eval": lm_eval.read,
        "pytest": pytest.read,
        "swebench": swebench.read,
    }
)
"""By the name that a profile gives."""

_TROUBLE = 300


class FileResults:
    """Results as files on this machine."""

    def __init__(self) -> None:
        self._beside = Beside()

    async def ask(self, reader: str, pids: Sequence[int]) -> Said | None:
        """Return what the runner among ``pids`` says of itself; only inspect can be asked."""
        if reader != "inspect":
            return None
        try:
            return await inspect_control.ask(pids)
        except Exception:
            # What a runner says may be anything; it must not stop the look at its siblings.
            log.exception("runner cannot be asked", extra={"pids": list(pids)})
            return None

    async def read(self, look: Look) -> ResultsSeen:
        """Return what is there now; it is read beside the engine's work."""
        try:
            return await self._beside.run(lambda: read(look))
        except TimeoutError as error:
            return ResultsSeen(trouble=str(error))


def read(look: Look) -> ResultsSeen:
    """Return results and signs of success together. What cannot be read is told as ``trouble``."""
    seen = ResultsSeen()
    trouble = ""
    try:
        if look.reader is not None:
            seen = READERS[look.reader](look)
    except Unreadable as error:
        trouble = told(str(error), _TROUBLE)
    except Exception as error:
        # The files of a runner may hold anything; a fault of ours is not the task's.
        log.exception("results cannot be read", extra={"reader": look.reader})
        trouble = f"the {look.reader} results cannot be read: {error!r}"[:_TROUBLE]
    files, markers = missing_files(look), missing_markers(look)
    return replace(
        seen,
        missing_files=files,
        missing_markers=markers,
        proved=bool(look.files or look.markers) and not files and not markers,
        trouble=trouble,
    )
