"""What looks for a runner's results and signs of success when an attempt is over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from supervisor.core.models import ResultsSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where to look, with nothing left to fill in. ``core.looking`` makes it."""

    reader: str | None = None
    """Which reader of results; None: only the signs of success are asked for."""
    globs: tuple[str, ...] = ()
    """Where its results may lie: absolute, or relative to ``cwd``."""
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The options that the command gave, such as ``run_id``, and the task's parameters."""
    files: tuple[str, ...] = ()
    """Globs that must each match a file which is not empty."""
    markers: tuple[str, ...] = ()
    """Texts of which each must stand in one of ``logs``."""
    cwd: Path
    logs: tuple[Path, ...] = ()
    """The attempt's ``stdout.log`` and ``stderr.log``."""
    since: float
    """Files not written after this (Unix seconds) do not count."""


class Results(Protocol):
    """Reads what a runner left behind."""

    async def read(self, look: Look) -> ResultsSeen:
        """Return what is there now. Never raises: what cannot be read is told as ``trouble``."""
        ...
