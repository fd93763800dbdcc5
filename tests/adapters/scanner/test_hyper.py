"""Scanning with hyperscan."""

import threading
from pathlib import Path

import pytest

from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.scanner.plain import PatternError
from supervisor.core.rules import Rule
from supervisor.ports import Match

RULES = (Rule(id="t.a", pattern="alpha.*"),)


def test_each_thread_has_its_own(tmp_path: Path) -> None:
    """Scanners made from one cache work side by side."""
    found: list[object] = []

    def work() -> None:
        scanner = HyperScanner(RULES, cache=tmp_path)
        found.extend(scanner.scan(b"no\nalpha beta\n" * 200)[-1:] for _ in range(20))

    HyperScanner(RULES, cache=tmp_path)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[Match(399, "t.a")]] * 80


def test_threads_may_share_one(tmp_path: Path) -> None:
    """Each scans with databases of its own."""
    scanner = HyperScanner(RULES, cache=tmp_path)
    found: list[object] = []

    def work() -> None:
        found.extend(scanner.scan(b"no\nalpha beta\n" * 200)[-1:] for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[Match(399, "t.a")]] * 80


def test_a_pattern_beyond_the_engine() -> None:
    """It says so; another scanner takes over."""
    with pytest.raises(PatternError):
        HyperScanner([Rule(id="t.x", pattern="a(?=b)")])
