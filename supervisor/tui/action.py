"""What an action is."""

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
    """For the footer and the palette."""
    help: str
    scope: Scope
    footer: int = 0
    """Place in the footer, the smallest first; 0: not there."""
    changes: bool = False
    """Acts on the batch; refused to a reader."""
    only: tuple[str, ...] = ()
    """On these screens alone; empty: on every screen that has a method for it."""
