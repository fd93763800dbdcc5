"""Find which lines of a block match which rules: hyperscan, else google-re2, else ``re``."""

import logging
from collections.abc import Iterable
from pathlib import Path

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.adapters.scanner.warming import WarmingScanner
from supervisor.core.rules import Rule
from supervisor.ports import Scanner

__all__ = ["ReScanner", "best_scanner"]

log = logging.getLogger(__name__)


def best_scanner(rules: Iterable[Rule], *, cache: Path | None = None, wait: bool = True) -> Scanner:
    """Return the fastest scanner this machine has; ``cache`` is where compiled patterns are kept.

    Compiling them the first time takes seconds; without ``wait`` a slower scanner does until then.
    All find the same; only their speed differs.
    """
    rules = tuple(rules)
    if not wait and cache is not None:
        try:
            return _at_once(rules, cache)
        except (ImportError, ValueError) as error:
            log.info("the scanner has to be waited for", exc_info=error)
    for make in (_hyperscan, _re2):
        try:
            return make(rules, cache)
        except (ImportError, ValueError) as error:
            log.warning("a slower scanner has to do", exc_info=error)
    return ReScanner(rules)


def _at_once(rules: tuple[Rule, ...], cache: Path) -> Scanner:
    """Return hyperscan if it is ready, else re2 for as long as hyperscan takes."""
    from supervisor.adapters.scanner.hyper import is_ready

    if is_ready(rules, cache):
        return _hyperscan(rules, cache)
    return WarmingScanner(_re2(rules, cache), lambda: _hyperscan(rules, cache))


def _hyperscan(rules: tuple[Rule, ...], cache: Path | None) -> Scanner:
    from supervisor.adapters.scanner.hyper import HyperScanner

    return HyperScanner(rules, cache=cache)


def _re2(rules: tuple[Rule, ...], cache: Path | None) -> Scanner:
    from supervisor.adapters.scanner.automaton import Re2Scanner

    del cache
    return Re2Scanner(rules)
