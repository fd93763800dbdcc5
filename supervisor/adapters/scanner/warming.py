"""A scanner that works at once, and fast once its patterns are compiled."""

import logging
import threading
from collections.abc import Callable, Sequence

from supervisor.ports import Match, Scanner

log = logging.getLogger(__name__)


class WarmingScanner:
    """Searches with one scanner until another one is made: all find the same."""

    def __init__(self, meanwhile: Scanner, make: Callable[[], Scanner]) -> None:
        """``make`` runs in a thread of its own; what it cannot make is done without."""
        self._scanner = meanwhile
        # Nobody waits for it, not even at the end of the process.
        threading.Thread(target=self._warm, args=(make,), name="patterns", daemon=True).start()

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        return self._scanner.scan(block)

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``."""
        return self._scanner.has_controls(block)

    def _warm(self, make: Callable[[], Scanner]) -> None:
        try:
            self._scanner = make()
        except (ImportError, ValueError) as error:
            log.warning("a slower scanner has to do", exc_info=error)
