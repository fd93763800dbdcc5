"""What keeps the scan with the package's rules fast, told by counts and sizes, not by clocks."""

from pathlib import Path

import pytest

from supervisor.adapters.scanner.compiling import compiled
from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.scanner.linear import leading_gap, refused
from supervisor.adapters.scanner.portable import portable
from supervisor.config.packs import load_built
from supervisor.core.lines import LineReader
from tests.bench.logs import write_log

RULES = load_built(Path(__file__).parents[2] / "configs" / "rules.json")
MOST_ALONE = 3 << 20
"""Bytes of one rule's compiled form; what is larger takes seconds to compile and leaves the cache."""
MOST_TOGETHER = 12 << 20


@pytest.mark.parametrize("name", [rule.id for rule in RULES])
def test_no_rule_is_costly_to_compile(name: str) -> None:
    """A large form comes of far repeats within repeats, and of many words after a far repeat."""
    rule = RULES.get(name)
    assert rule is not None
    assert len(compiled([portable(rule.pattern).search])) < MOST_ALONE
    assert leading_gap(rule.pattern) is None


def test_all_rules_together() -> None:
    """They are loaded by each engine, and by each process that looks a file over."""
    assert len(compiled([portable(rule.pattern).search for rule in RULES])) < MOST_TOGETHER


def test_every_engine_takes_every_rule() -> None:
    """None of them makes a machine fall back to a slower engine."""
    assert refused(rule.pattern for rule in RULES) == {}


def test_no_rule_matches_ordinary_lines(tmp_path: Path) -> None:
    """A candidate costs a hundred times what other lines cost; of these about one in a hundred is odd."""
    lines = write_log(tmp_path / "log", 2 << 20)
    block = LineReader().feed((tmp_path / "log").read_bytes())
    counts: dict[str, int] = {}
    for match in HyperScanner(RULES).scan(block):
        counts[match.rule] = counts.get(match.rule, 0) + 1
    assert {rule: count for rule, count in counts.items() if count > lines * 0.004} == {}
    assert sum(counts.values()) < lines * 0.02
