"""``overnight rules``: list, show, test."""

import json
from dataclasses import replace

import pytest

from supervisor.cli import rules
from supervisor.core.rules import RuleBook
from tests.cli.conftest import call


def test_the_list() -> None:
    """Every rule with its class; hints have none."""
    for argv in (["rules"], ["rules", "list"]):
        lines = call(*argv).out.splitlines()
        assert any(line.split() == ["gpu.memory", "cuda_oom", "strong"] for line in lines)
        assert any(line.split()[:2] == ["hint.words", "when"] for line in lines)
    document = json.loads(call("rules", "--json").out)
    assert len(document) == len(lines)
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


def test_the_shipped_samples_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 0; a sample that does not hold makes it 1."""
    said = call("rules", "test")
    assert said.code == 0
    assert said.out.endswith(" samples, 0 wrong\n")
    book = rules.load_built(rules.find("configs/rules.json", {}))
    wrong = RuleBook(replace(rule, matches=("all is well",)) for rule in book)
    monkeypatch.setattr(rules, "load_built", lambda _path: wrong)
    failed = call("rules", "test")
    assert failed.code == 1
    assert "must explain 'all is well'" in failed.out


def test_what_cannot_be() -> None:
    """The nearest name is offered."""
    said = call("rules", "show", "gpu.memry")
    assert said.code == 1
    assert "gpu.memory" in said.err
    assert call("rules", "dance").code == 1
