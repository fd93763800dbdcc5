"""What the operator chose for the screen, and where it keeps what it learns of him."""

from collections.abc import Callable
from dataclasses import dataclass

from supervisor.tui.keymap import DEFAULT, Keymap


def _forget(name: str, value: str) -> None:
    """Remember nothing."""


def _untold(text: str) -> str:  # noqa: ARG001
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One operator's screen."""

    keymap: Keymap = DEFAULT
    complaints: tuple[str, ...] = ()
    """What is wrong with the operator's own files; shown until he leaves."""
    newcomer: bool = False
    """This is the first screen that he sees."""
    remember: Callable[[str, str], None] = _forget
    """Keeps a habit (its name and value) for the next time; raises OSError."""
    log_fault: Callable[[str], str] = _untold
    """Writes down why the screen failed; returns the file, or nothing if that failed too."""
