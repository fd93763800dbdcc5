"""The detector of the commands."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supervisor.cli.detector import detector, rule_book
from supervisor.cli.words import CommandError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))


def test_rules_scanner_and_zone() -> None:
    """Ready to judge."""
    used = detector("Europe/Berlin")
    assert used.own_zone == ZoneInfo("Europe/Berlin")
    assert {rule.id for rule in used.rules} == {rule.id for rule in rule_book()}
    judged = used.judge.judge([b"httpx.ReadTimeout: no answer\n"], 0.0, live=False)
    assert judged.verdict.error_class == "network"


def test_no_such_zone() -> None:
    """One sentence with examples."""
    with pytest.raises(CommandError, match="there is no time zone 'Moon/Tycho'"):
        detector("Moon/Tycho")
