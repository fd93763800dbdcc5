"""Scanner on hyperscan: one pass over whole blocks finds candidates, ``re`` confirms them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from supervisor.adapters.scanner.candidates import confirmed, searchable
from supervisor.adapters.scanner.compiling import database
from supervisor.adapters.scanner.plain import Confirmer
from supervisor.core.rules import Rule
from supervisor.ports import Match


class HyperScanner:
    """Block mode on line-aligned blocks: stream mode crashes when a callback is not kept."""

    def __init__(self, rules: Iterable[Rule], *, cache: Path | None = None) -> None:
        self._rules = tuple(rules)
        self._confirmer = Confirmer(self._rules)
        patterns = [searchable(rule.pattern) for rule in self._rules]
        self._database = database(patterns, cache) if patterns else None
        self._candidates: list[tuple[int, int]] = []
        # Kept for the scanner's life: a callback that is freed early takes the process down.
        self._callback = self._take

    def scan(self, block: bytes) -> Sequence[Match]:
        r"""Look at whole lines (each ends with ``\n``) and return every (line, rule), ordered."""
        if self._database is None or not block:
            return []
        self._candidates = []
        self._database.scan(block, match_event_handler=self._callback)
        if not self._candidates:
            return []
        return confirmed(self._rules, self._confirmer, block, self._candidates)

    def _take(self, place: int, start: int, end: int, flags: int, context: object) -> None:
        del start, flags, context
        self._candidates.append((end - 1, place))
