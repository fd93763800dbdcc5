"""What an action is."""

import re
from dataclasses import dataclass
from typing import Literal

Scope = Literal["app", "screen", "list"]
"""Who carries it out: the program, the screen, or the list or text that has the keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a person can do, and the keys for it (as Textual names them)."""

    id: str
    keys: tuple[str, ...]
    words: str
    """For the footer and the palette; in ``keys.yaml`` its name."""
    help: str
    scope: Scope
    footer: int = 0
    """Place in the footer, the smallest first; 0: not there."""
    changes: bool = False
    """Acts on the batch; refused to a reader."""
    only: tuple[str, ...] = ()
    """On these screens alone; empty: on every screen that has a method for it."""
    kept: tuple[str, ...] = ()
    """Those of ``keys`` that nobody can take away, so that a way out remains."""
    command: str = ""
    """What does the same from the shell: a command of ``overnight``."""

    @property
    def name(self) -> str:
        """Its name in ``keys.yaml``."""
        return named(self.words)


def named(words: str) -> str:
    """Return words as a name: ``Pause batch``, ``pause_batch`` and ``pause-batch`` are one."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")
