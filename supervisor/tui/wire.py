"""What goes to the terminal: only differences if we can, whole regions if not."""

from typing import Protocol


class Wire(Protocol):
    """Makes what is sent smaller."""

    def forget(self) -> None:
        """Send everything the next time."""
        ...

    def lighter(self, update: object) -> object:
        """Return ``update`` as one that shows the same with fewer bytes."""
        ...


class Untouched:
    """Sends what Textual would."""

    def forget(self) -> None:
        """Nothing is remembered."""

    def lighter(self, update: object) -> object:
        """Return ``update``."""
        return update


def best_wire() -> Wire:
    """Return the screen diff, unless this Textual has no such compositor any more."""
    try:
        from supervisor.tui.diff import ScreenDiff
    except ImportError:
        return Untouched()
    return ScreenDiff()
