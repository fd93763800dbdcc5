"""What the Docker backend keeps in memory about one attempt."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from supervisor.ports import Ref, Try


@dataclass(slots=True, kw_only=True, eq=False)
class Attempt:
    """One attempt that this engine launched or adopted; belongs to the event loop's thread."""

    ref: Ref
    directory: Path
    name: str
    """Of its container."""
    plan: Try | None
    """What to launch; None: it is only to be taken over."""
    container: str = ""
    """Its id, once that is known."""
    stopping: bool = False
    """A stop was asked for: what has not begun, never begins."""
    announced: bool = False
    """It was reported alive, and not unknown since."""
    began_here: bool = False
    """This engine asked for its start."""
    doubt: str = ""
    """Why it was reported unknown."""
    refused: str = ""
    """Why the engine would not have it, when that was said once."""
    poke: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is reason to look at it again."""
    known: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once its container runs or never will; before that there is nothing to act on."""
    gone: asyncio.Event = field(default_factory=asyncio.Event)
