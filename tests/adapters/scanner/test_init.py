"""The fastest scanner there is."""

import sys
from pathlib import Path

import pytest

from supervisor.adapters.scanner import ReScanner, best_scanner
from supervisor.adapters.scanner.automaton import Re2Scanner
from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.scanner.warming import WarmingScanner
from supervisor.core.rules import Rule
from tests.support import until

RULES = (Rule(id="t.a", pattern="alpha"),)


def test_hyperscan_comes_first(tmp_path: Path) -> None:
    """Where its wheel is installed."""
    assert isinstance(best_scanner(RULES, cache=tmp_path), HyperScanner)


def test_without_hyperscan(monkeypatch: pytest.MonkeyPatch) -> None:
    """Re2, and without that, ``re``."""
    monkeypatch.setitem(sys.modules, "supervisor.adapters.scanner.hyper", None)
    assert isinstance(best_scanner(RULES), Re2Scanner)
    monkeypatch.setitem(sys.modules, "supervisor.adapters.scanner.automaton", None)
    assert isinstance(best_scanner(RULES), ReScanner)


def test_patterns_that_only_re_takes() -> None:
    """A rule that slipped through still works, slowly."""
    rules = (*RULES, Rule(id="t.x", pattern="a(?=b)"))
    assert isinstance(best_scanner(rules), ReScanner)


async def test_nobody_waits_for_patterns_to_be_compiled(tmp_path: Path) -> None:
    """The first time; what is kept then is loaded the next time."""
    scanner = best_scanner(RULES, cache=tmp_path, wait=False)
    assert isinstance(scanner, WarmingScanner)
    assert scanner.scan(b"ALPHA\n")
    await until(lambda: bool(list(tmp_path.glob("*.db"))))
    assert isinstance(best_scanner(RULES, cache=tmp_path, wait=False), HyperScanner)


def test_without_a_scanner_for_the_meantime(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for: nothing but hyperscan is fast enough."""
    monkeypatch.setitem(sys.modules, "supervisor.adapters.scanner.automaton", None)
    assert isinstance(best_scanner(RULES, cache=tmp_path, wait=False), HyperScanner)
