"""A scanner that becomes a faster one."""

import logging
import threading

import pytest

from supervisor.adapters.scanner.plain import PatternError, ReScanner
from supervisor.adapters.scanner.warming import WarmingScanner
from supervisor.core.rules import Rule
from supervisor.ports import Match, Scanner
from tests.support import until

SLOW = ReScanner([Rule(id="t.slow", pattern="alpha")])
FAST = ReScanner([Rule(id="t.fast", pattern="alpha")])


async def test_it_works_at_once() -> None:
    """And is exchanged once the other one is made."""
    made = threading.Event()

    def make() -> Scanner:
        made.wait()
        return FAST

    scanner = WarmingScanner(SLOW, make)
    scan = scanner.scan  # whoever holds it profits as well
    assert scan(b"alpha\n") == [Match(0, "t.slow")]
    assert scanner.has_controls(b"\x1b[0m\n")
    made.set()
    await until(lambda: scan(b"alpha\n") == [Match(0, "t.fast")])
    assert not scanner.has_controls(b"alpha\n")


async def test_what_cannot_be_made(caplog: pytest.LogCaptureFixture) -> None:
    """Is done without, with a word in the log."""

    def make() -> Scanner:
        raise PatternError("t.slow: too large")

    with caplog.at_level(logging.WARNING):
        scanner = WarmingScanner(SLOW, make)
        await until(lambda: "a slower scanner has to do" in caplog.text)
    assert scanner.scan(b"alpha\n") == [Match(0, "t.slow")]
