"""Every scanner finds the same lines and rules in the same bytes."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supervisor.adapters.scanner import best_scanner
from supervisor.adapters.scanner.automaton import Re2Scanner
from supervisor.adapters.scanner.hyper import HyperScanner
from supervisor.adapters.scanner.plain import ReScanner
from supervisor.config.packs import read_packs
from supervisor.core.lines import CONTROLS
from supervisor.core.rules import Rule
from supervisor.ports import Scanner

PACKS = read_packs(Path(__file__).parents[2] / "configs" / "rules")
TRICKY = tuple(
    Rule(id=f"t.p{number}", pattern=pattern)
    for number, pattern in enumerate(
        [
            "error",
            "^start",
            "end$",
            r"\b429\b",
            r"a\s+b",
            r"a\Sb",
            r"[\s:]x",
            "err.{2,4}or",
            "err.*",
            r"tail\.*",
            "no[^c]{0,5}c",
            "[^a-z]z",
            "(?-i:Case)Less",
            "café|重置",
            "(?:·|∙) resets",
            r"\d{3}:\w",
            "^nothing$|only",
            "a+?b",
            "q.+",
            r"a[\S]b",
            r"x\W+y|[\Da]z",
            "(?:(?:ab)+|c.*){2,7}d",
            r"k{,2}l.{0,20}$",
            "ÿ|Ã",
            r"\v|\w\b-",
        ]
    )
)
MAKERS: dict[str, Callable[[Sequence[Rule]], Scanner]] = {
    "hyperscan": HyperScanner,
    "re2": Re2Scanner,
    "best": best_scanner,
}
REFERENCE = {"tricky": ReScanner(TRICKY), "packs": ReScanner(PACKS)}
SCANNERS = {
    (name, rules): make(TRICKY if rules == "tricky" else PACKS)
    for name, make in MAKERS.items()
    for rules in REFERENCE
}

WORDS = [
    b"error", b"ERROR: ", b"start", b"end", b"429", b" 429 ", b"a b", b"a\tb", b"a\x0bb", b"a\x0cb",
    b"err123or", b"err\xc3\xa9or", b"tail...", b"no  c", b"Caseless", b"caseless", "café".encode(),
    "CAFÉ".encode(), "重置".encode(), "· resets".encode(), b"404:x", b"only", b"aaab", b"q", b"qq",
    b"\n", b"\n\n", b" ", b"\x00", b"\xff", b"z", b"openai.RateLimitError: Error code: 429",
    b"caf\xe3\xa9", b"caf\xc3\x89", b"\xc3\xbf", b"\xe3\x83", b"\xc3\x83", b"ab", b"cd", b"kl", b"KK", b"x", b"y",
    b"-", b"\r", b"\r\n", b"\x1b[31m", b"\x85", b"\xa0", b"\xe2\x84\xaa", b"\xc5\xbf",
    b"<long>",
    b"CUDA out of memory", b"HTTP/1.1 503 ", b"401 Unauthorized", b"resets 4pm", b"retry-after: 3",
]  # fmt: skip
BLOCKS = st.lists(st.sampled_from(WORDS) | st.binary(max_size=4), max_size=30).map(
    lambda parts: b"".join(parts).replace(b"<long>", b"l" * 1500) + b"\n"
)


@pytest.mark.parametrize("rules", ["tricky", "packs"])
@pytest.mark.parametrize("name", MAKERS)
class TestContract:
    """Held against ``re``, which defines what is right."""

    @settings(deadline=None)
    @given(block=BLOCKS)
    def test_the_same_pairs(self, name: str, rules: str, block: bytes) -> None:
        """Line numbers, rules and order, on whatever bytes."""
        found = list(SCANNERS[name, rules].scan(block))
        expected = list(REFERENCE[rules].scan(block))
        assert found == expected

    @settings(deadline=None)
    @given(block=BLOCKS)
    def test_controls(self, name: str, rules: str, block: bytes) -> None:
        """Tab and newline are none."""
        found = SCANNERS[name, rules].has_controls(block)
        assert found == any(byte in CONTROLS for byte in block)

    def test_every_sample_of_the_packs(self, name: str, rules: str) -> None:
        """One block of all samples: big enough to be cut in pieces."""
        lines = [line for rule in PACKS for line in (*rule.matches, *rule.ignores)]
        filler = [f"step {n} of 1000 loss 0.25" for n in range(2000)]
        block = "".join(f"{line}\n" for line in [*lines, *filler, *lines]).encode()
        found = SCANNERS[name, rules].scan(block)
        assert list(found) == REFERENCE[rules].scan(block)

    def test_very_long_lines(self, name: str, rules: str) -> None:
        """Found at their beginning, in their middle and at their end, with the place of the match."""
        words = b"CUDA out of memory"
        block = b"x" * 70_000 + words + b" " * 70_000 + b"end\n" + words + b"\n" + b"\n" * 3
        found = SCANNERS[name, rules].scan(block)
        assert list(found) == REFERENCE[rules].scan(block)
        assert all(block[match.start - 1 : match.start] in (b"", b"\n") for match in found)
        if rules == "packs":
            assert any(70_000 < match.at <= 70_020 for match in found)

    def test_no_bytes_no_matches(self, name: str, rules: str) -> None:
        """Nothing to look at."""
        assert list(SCANNERS[name, rules].scan(b"")) == []


@pytest.mark.parametrize("name", MAKERS)
def test_without_rules(name: str) -> None:
    """An empty set finds nothing."""
    assert list(MAKERS[name](()).scan(b"error\n")) == []
