"""The detector of the commands."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from supervisor.cli.detector import detector, rule_book
from supervisor.cli.words import CommandError
from supervisor.ports import ConfigError


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


def test_own_rules_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pattern that would keep ``re`` busy for ever is searched in linear time."""
    monkeypatch.setenv("HOME", str(tmp_path))
    packs = tmp_path / ".config/overnight/rules"
    packs.mkdir(parents=True)
    (packs / "site.yaml").write_text(
        "rules:\n  - {id: site.proxy, class: network, pattern: '(a+)+ proxy said no', rank: 3}\n"
    )
    text = b"Error: " + b"a" * 60 + b" proxy said `yes`\nError: aa proxy said no\n"
    judged = detector("UTC").judge.judge([text], 0.0, live=False)
    assert judged.proof is not None
    assert judged.proof.rule == "site.proxy"


def test_own_rules_that_may_not_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One error with file, line and the way out."""
    monkeypatch.setenv("HOME", str(tmp_path))
    packs = tmp_path / ".config/overnight/rules"
    packs.mkdir(parents=True)
    (packs / "site.yaml").write_text(
        "rules: [{id: site.huge, pattern: '(?:(?:a{0,99}b){0,99}c){0,99}d'}]"
    )
    with pytest.raises(ConfigError, match=r"site.yaml:1: site.huge: .*make it simpler"):
        rule_book()
