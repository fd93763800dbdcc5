"""What asks living runners about themselves, and reads what they left when an attempt is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Protocol

from supervisor.core.models import ResultsSeen


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Where to look, with nothing left to fill in."""

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
    known: tuple[Path, ...] = ()
    """Results that the runner itself called its own while it lived."""
    shared: bool = False
    """Another attempt may have written there meanwhile: only what the runner named is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a living runner says about itself. All texts are redacted."""

    done: int | None = None
    total: int | None = None
    work: int = 0
    """Differs from the last answer when work went on meanwhile: items, messages and tokens."""
    retries: int = 0
    """Requests that had to be tried again so far."""
    words: str = ""
    """What it is busy with, in a line, such as ``6 samples running, 72 HTTP retries``."""
    paths: tuple[Path, ...] = ()
    """Where its results are going to lie."""


class Results(Protocol):
    """Reads what a runner says and leaves behind."""

    async def ask(self, reader: str, pids: Sequence[int]) -> Said | None:
        """Return what the runner among ``pids`` says, within 2 s; None: it cannot be asked.

        ``reader`` names its kind. Never raises.
        """
        ...

    async def read(self, look: Look) -> ResultsSeen:
        """Return what is there now. Never raises: what cannot be read is told as ``trouble``."""
        ...
