"""Scanner on hyperscan: one pass over a whole block says which lines are worth a look."""

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

import hyperscan

from supervisor.adapters.scanner.candidates import matches_in
from supervisor.adapters.scanner.compiling import compiled, database, is_kept, loaded
from supervisor.adapters.scanner.confirming import Confirmer
from supervisor.adapters.scanner.portable import portable
from supervisor.core.lines import CONTROLS, has_controls
from supervisor.core.rules import Rule
from supervisor.ports import Match

_CONTROL = "[" + "".join(f"\\x{byte:02x}" for byte in CONTROLS) + "]"
_SHORT = 256
"""Below this many bytes a call costs more than a look with what Python has."""


def is_ready(rules: Iterable[Rule], cache: Path) -> bool:
    """Tell whether a scanner for ``rules`` is made in some milliseconds, not in seconds."""
    return is_kept(_searched(rules), cache)


def _searched(rules: Iterable[Rule]) -> Sequence[str]:
    return [portable(rule.pattern).search for rule in rules]


class HyperScanner:
    """Block mode on line-aligned blocks; stream mode crashes when a callback is not kept.

    Each thread that scans gets databases of its own: two in one are refused.
    """

    def __init__(self, rules: Iterable[Rule], *, cache: Path | None = None) -> None:
        self._rules = tuple(rules)
        self._confirmer = Confirmer(self._rules)
        patterns = _searched(self._rules)
        self._patterns = database(patterns, cache) if patterns else None
        self._controls = compiled([_CONTROL], once=True)
        self._threads = threading.local()

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        if self._patterns is None or not block:
            return ()
        found = self._mine().patterns_in(block)
        return matches_in(block, found, self._rules, self._confirmer) if found else ()

    def has_controls(self, block: bytes) -> bool:
        """Tell whether there is anything to clean in ``block``; ten times as fast as cleaning it."""
        return has_controls(block) if len(block) < _SHORT else self._mine().has_controls(block)

    def _mine(self) -> "_OfOneThread":
        """Return what this thread scans with."""
        mine: _OfOneThread | None = getattr(self._threads, "mine", None)
        if mine is None:
            patterns = loaded(self._patterns) if self._patterns else None
            mine = self._threads.mine = _OfOneThread(patterns, loaded(self._controls))
        return mine


class _OfOneThread:
    """Databases, and the callbacks that they call."""

    def __init__(self, patterns: hyperscan.Database | None, controls: hyperscan.Database) -> None:
        self._patterns = patterns
        self._controls = controls
        self._found: list[tuple[int, int]] = []
        self._dirty = False
        # Kept for good: a callback that is freed early takes the process down.
        self._on_match = self._take
        self._on_control = self._note_control

    def patterns_in(self, block: bytes) -> list[tuple[int, int]]:
        """Return where each match ends, and its pattern's place."""
        self._found = []
        if self._patterns is not None:
            self._patterns.scan(block, match_event_handler=self._on_match)
        return self._found

    def has_controls(self, block: bytes) -> bool:
        self._dirty = False
        self._controls.scan(block, match_event_handler=self._on_control)
        return self._dirty

    def _take(self, place: int, start: int, end: int, flags: int, context: object) -> None:
        del start, flags, context
        self._found.append((end, place))

    def _note_control(self, *_match: object) -> None:
        self._dirty = True
