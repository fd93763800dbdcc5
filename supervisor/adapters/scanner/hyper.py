"""Scanner on hyperscan: one pass over a whole block says which lines are worth a look."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from supervisor.adapters.scanner.candidates import matches_in
from supervisor.adapters.scanner.compiling import database
from supervisor.adapters.scanner.confirming import Confirmer
from supervisor.adapters.scanner.portable import portable
from supervisor.core.lines import CONTROLS
from supervisor.core.rules import Rule
from supervisor.ports import Match

_CONTROL = "[" + "".join(f"\\x{byte:02x}" for byte in CONTROLS) + "]"


class HyperScanner:
    """Block mode on line-aligned blocks; stream mode crashes when a callback is not kept.

    Belongs to one thread: a database must not be used by two at once.
    """

    def __init__(self, rules: Iterable[Rule], *, cache: Path | None = None) -> None:
        self._rules = tuple(rules)
        self._confirmer = Confirmer(self._rules)
        patterns = [portable(rule.pattern).search for rule in self._rules]
        self._database = database(patterns, cache) if patterns else None
        self._controls = database([_CONTROL], cache, once=True)
        self._found: list[tuple[int, int]] = []
        self._dirty = False
        # Kept for the scanner's life: a callback that is freed early takes the process down.
        self._on_match = self._take
        self._on_control = self._note_control

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        if self._database is None or not block:
            return ()
        self._found = []
        self._database.scan(block, match_event_handler=self._on_match)
        return matches_in(block, self._found, self._rules, self._confirmer)

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``; ten times as fast as cleaning it."""
        self._dirty = False
        self._controls.scan(block, match_event_handler=self._on_control)
        return self._dirty

    def _take(self, place: int, start: int, end: int, flags: int, context: object) -> None:
        del start, flags, context
        self._found.append((end, place))

    def _note_control(self, *_match: object) -> None:
        self._dirty = True
