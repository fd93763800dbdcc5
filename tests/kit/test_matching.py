"""The kit's scanner finds what the supervisor's slow and sure one finds."""

from pathlib import Path

from supervisor.adapters.scanner import ReScanner
from supervisor.config.packs import load_built
from supervisor.kit.matching import LineScanner

BOOK = load_built(Path(__file__).parents[2] / "configs" / "rules.json")


def test_it_finds_in_every_sample_what_the_supervisor_finds() -> None:
    lines = [line for rule in BOOK for line in (*rule.matches, *rule.ignores)]
    block = "".join(f"{line}\n" for line in lines).encode()
    ours, theirs = LineScanner(BOOK).scan(block), ReScanner(BOOK).scan(block)
    assert [(one.line, one.rule, one.start, one.at) for one in ours] == [
        (one.line, one.rule, one.start, one.at) for one in theirs
    ]
    assert ours
