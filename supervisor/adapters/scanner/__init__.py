"""Find which lines of a block match which rules: hyperscan, else google-re2, else ``re``."""

import logging
from collections.abc import Iterable
from pathlib import Path

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.rules import Rule
from supervisor.ports import Scanner

__all__ = ["ReScanner", "best_scanner"]

log = logging.getLogger(__name__)


def best_scanner(rules: Iterable[Rule], *, cache: Path | None = None) -> Scanner:
    """Return the fastest scanner this machine has; ``cache`` is where compiled patterns are kept.

    All find the same; only their speed differs. A scanner belongs to one thread.
    """
    rules = tuple(rules)
    for make in (_hyperscan, _re2):
        try:
            return make(rules, cache)
        except (ImportError, ValueError) as error:
            log.warning("a slower scanner has to do", exc_info=error)
    return ReScanner(rules)


def _hyperscan(rules: tuple[Rule, ...], cache: Path | None) -> Scanner:
    from supervisor.adapters.scanner.hyper import HyperScanner

    return HyperScanner(rules, cache=cache)


def _re2(rules: tuple[Rule, ...], cache: Path | None) -> Scanner:
    from supervisor.adapters.scanner.automaton import Re2Scanner

    del cache
    return Re2Scanner(rules)
