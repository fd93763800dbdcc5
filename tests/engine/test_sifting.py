"""Pieces of many logs are scanned as one, and each is told apart."""

import pytest

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.models import ErrorClass
from supervisor.core.rules import Rule
from supervisor.engine.sifting import meaningless

SCANNER = ReScanner([Rule(id="net.reset", error_class=ErrorClass.NETWORK, pattern="reset by peer")])
HIT = b"one\nError: reset by peer\n"


@pytest.mark.parametrize(
    ("blocks", "quiet"),
    [
        ([], []),
        ([b"one\n", b"two\nthree\n"], [True, True]),
        ([b"one\n", HIT, b"two\n", HIT], [True, False, True, False]),
        ([HIT, b"one\n"], [False, True]),
        ([b"one\n", b"\x1b[31mred\x1b[0m\n", HIT], [True, False, False]),
        ([b"50%\r60%\n", b"a\0b\n", b"\n"], [False, False, True]),
    ],
)
def test_only_clean_lines_without_a_rule_are_meaningless(
    blocks: list[bytes], quiet: list[bool]
) -> None:
    assert meaningless(blocks, SCANNER.scan) == quiet
