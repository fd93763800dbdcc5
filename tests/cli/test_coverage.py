"""``overnight rules coverage``: what no rule explains."""

import json
from pathlib import Path

import pytest

from supervisor.cli.coverage import Group, skeleton
from supervisor.config.packs import read_pack, sample_faults
from supervisor.core.rules import RuleBook
from tests.cli.conftest import call
from tests.cli.test_unexplained import attempt


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> Path:
    """Give the directory of a batch in which a good deal failed."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    root = tmp_path / "night"
    attempt(root, "a", 3, err="pump 17 at /srv/x/17 ran dry\n")
    attempt(root, "b", 3, err="pump 28 at /srv/y/28 ran dry\n")
    attempt(root, "c", 1, err="openai.AuthenticationError: Error code: 401 - no\n")
    attempt(root, "d", 5, out="it's [bold] odd\x1b[31m token=abcdefgh12345678\n")
    attempt(root, "e", 0, err="fine\n")
    attempt(root, "f", 143)
    attempt(root, "g", 7)
    attempt(root, "h", None)
    return root


def test_counts_and_groups(night: Path) -> None:
    """Alike ones together, the most frequent first, each with an example."""
    found = json.loads(call("rules", "coverage", str(night), "--json").out)
    assert (found["attempts"], found["failed"], found["unknown"]) == (8, 6, 4)
    assert (found["explained"], found["signalled"]) == ({"auth": 1}, 1)
    first, *others = found["groups"]
    assert (first["count"], first["masked"]) == (2, "pump <n> at <path> ran dry")
    assert first["example"] == f"{night}/tasks/g/a/attempt-1/stderr.log"
    assert sorted(one["line"] for one in others) == [
        "(it wrote nothing)",
        "it's [bold] odd token=[redacted]",
    ]


def test_what_a_person_reads(night: Path) -> None:
    """The table, then the start of a rule."""
    said = call("rules", "coverage", str(night))
    assert said.code == 0
    assert "8 attempts, 6 failed" in said.out
    assert "1  ended by a signal" in said.out
    assert "2 × pump <n> at <path> ran dry" in said.out  # noqa: RUF001 - a count
    assert "  - id: mine.pump-ran-dry" in said.out
    assert "\x1b" not in said.out


def test_the_skeletons_are_a_pack_that_holds(night: Path) -> None:
    """It loads, and each rule explains its own sample; who wrote nothing brings none."""
    rules = read_pack(call("rules", "coverage", str(night), "--yaml").out, "mine.yaml")
    assert [rule.id for rule in rules] == [
        "mine.pump-ran-dry",
        "mine.bold-odd-token",
    ]
    assert list(sample_faults(rules, RuleBook(rules))) == []


def test_two_kinds_of_one_name() -> None:
    """Each id is there once; a line without anything that stays has no rule."""
    groups = [Group(line, Path("x")) for line in ("bad cat 1 (a)", "bad cat 1 (b)", "17")]
    text = "\n".join(skeleton(groups))
    assert "id: mine.bad-cat\n" in text
    assert "id: mine.bad-cat-2\n" in text
    assert text.count("id:") == 2


def test_plain_logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> None:
    """Said to be taken for failed ones; beyond ten kinds the rest is counted."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    for letter in "abcdefghijkl":
        (tmp_path / f"{letter}.log").write_text(f"{letter * 9} broke the pump\n")
    out = call("rules", "coverage", str(tmp_path)).out
    assert "every *.log is taken for one that failed" in out
    assert "2 more kinds" in out


@pytest.mark.parametrize("argv", [["/nowhere"], ["."]])
def test_nothing_to_look_at(
    argv: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sentence, exit 1."""
    monkeypatch.chdir(tmp_path)
    said = call("rules", "coverage", *argv)
    assert said.code == 1
    assert "overnight: " in said.err
