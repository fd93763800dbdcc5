"""``overnight rules``: list, show, test."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.cli import rules
from supervisor.cli.detector import rule_book
from supervisor.core.rules import RuleBook
from tests.cli.conftest import call


def test_the_list() -> None:
    """Every rule with its class; hints have none."""
    for argv in (["rules"], ["rules", "list"]):
        lines = call(*argv).out.splitlines()
        assert len(lines) == len(rule_book())
        assert any(line.split()[:3] == ["gpu.memory", "cuda_oom", "strong"] for line in lines)
        assert any(line.split()[:2] == ["hint.words", "when"] for line in lines)
    document = json.loads(call("rules", "--json").out)
    assert len(document) == len(rule_book())
    assert {"id", "pattern", "error_class", "matches"} <= set(document[0])


def test_one_rule() -> None:
    """What it looks for, where, and its samples."""
    out = call("rules", "show", "machine.disk").out
    assert "machine.disk: disk_full" in out
    assert "unless " in out
    assert "matches   OSError: [Errno 28] No space left on device" in out
    assert "ignores " in out
    assert "in lines that look like an error" in call("rules", "show", "http.401").out
    assert "says when to try again" in call("rules", "show", "hint.words").out
    assert json.loads(call("rules", "show", "http.401", "--json").out)["id"] == "http.401"


def test_own_rules_are_told_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the file and line that they stand at."""
    folder = tmp_path / "overnight/rules"
    folder.mkdir(parents=True)
    text = "rules:\n  - id: mine.pump\n    class: network\n    pattern: pump [0-9]+ ran dry\n"
    (folder / "mine.yaml").write_text(text)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert "mine.pump" in next(x for x in call("rules").out.splitlines() if x.endswith("(own)"))
    assert f"yours     {folder}/mine.yaml:2" in call("rules", "show", "mine.pump").out
    assert call("rules", "test", "Error: pump 17 ran dry").code == 0


def test_long_patterns_are_shown_in_their_alternatives() -> None:
    """A line each, as far as they stand outside of brackets."""
    assert rules._alternatives(r"a(b|c)|[|]|x\|y|") == ["a(b|c)", "[|]", r"x\|y", ""]
    assert rules._alternatives("") == []


def test_the_shipped_samples_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0; a sample that does not hold makes it 1."""
    said = call("rules", "test")
    assert said.code == 0
    assert said.out.endswith(" samples, 0 wrong\n")
    book = rule_book()
    wrong = RuleBook(replace(rule, matches=("all is well",)) for rule in book)
    monkeypatch.setattr(rules, "rule_book", lambda: wrong)
    failed = call("rules", "test")
    assert failed.code == 1
    assert "must explain 'all is well'" in failed.out


def test_a_line() -> None:
    """What the rules make of it."""
    said = call("rules", "test", "openai.RateLimitError: Error code: 429 try again in 5s")
    assert said.code == 0
    assert "so        rate_limit: stops a running task" in said.out
    assert call("rules", "test", "hello").code == 1
    assert "--tz" in call("rules", "test", "x", "--tz", "Moon/Tycho").err


def test_what_cannot_be() -> None:
    """The nearest name is offered."""
    said = call("rules", "show", "gpu.memry")
    assert said.code == 1
    assert "gpu.memory" in said.err
    assert call("rules", "dance").code == 1
