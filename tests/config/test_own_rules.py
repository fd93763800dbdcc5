"""The operator's own rules, wherever they are written."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from supervisor.config.load import load
from supervisor.config.own_rules import decoded, problems, user_rules
from supervisor.core.models import ErrorClass, OwnRule
from supervisor.core.rules import Rule, RuleBook
from supervisor.ports import ConfigError

PACK = """rules:
  - id: site.proxy
    class: network
    pattern: our proxy said no
  - {id: http.429, enabled: false}
"""
SHIPPED = RuleBook([Rule(id="http.429", pattern="429"), Rule(id="http.503", pattern="503")])


def fine(_patterns: Iterable[str]) -> Mapping[str, str]:
    return {}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    rules = tmp_path / "home/.config/overnight/rules"
    rules.mkdir(parents=True)
    return rules


def loaded(tmp_path: Path, text: str) -> tuple[OwnRule, ...]:
    batch = tmp_path / "night.yaml"
    batch.write_text(f"run: echo\n{text}")
    return load(batch, env={"HOME": str(tmp_path / "home")}, now=0.0).rules


def test_without_any(tmp_path: Path) -> None:
    """Most people have none."""
    assert user_rules({"HOME": str(tmp_path)}) == ()
    assert loaded(tmp_path, "") == ()


def test_packs_of_the_user(home: Path, tmp_path: Path) -> None:
    """Samples are optional; a rule of the package is switched off by its id."""
    (home / "site.yaml").write_text(PACK)
    own = user_rules({"HOME": str(tmp_path / "home")})
    assert [place.where for place in own] == [f"{home}/site.yaml:2", f"{home}/site.yaml:5"]
    proxy, off = decoded(own)
    assert (proxy.error_class, proxy.pattern) == (ErrorClass.NETWORK, "our proxy said no")
    assert (off.id, off.enabled) == ("http.429", False)
    assert user_rules({"XDG_CONFIG_HOME": str(tmp_path / "home/.config")}) == own


def test_rules_of_a_batch_come_last(home: Path, tmp_path: Path) -> None:
    """After the user's: pack files beside the batch file, and rules in it."""
    (home / "site.yaml").write_text(PACK)
    (tmp_path / "more.yaml").write_text("rules: [{id: more.one, pattern: abc, matches: [abc]}]")
    own = loaded(tmp_path, "rules:\n  - more.yaml\n  - {id: site.proxy, pattern: no proxy}\n")
    assert [rule.id for rule in decoded(own)] == [
        "site.proxy",
        "http.429",
        "more.one",
        "site.proxy",
    ]
    assert own[-1].where == f"{tmp_path}/night.yaml:4"


def test_faults_have_file_and_line(home: Path, tmp_path: Path) -> None:
    """All of them at once, the user's and those of the batch."""
    with pytest.raises(ConfigError) as caught:
        loaded(
            tmp_path,
            "rules:\n  - none.yaml\n  - {id: a.b, pattern: 'x('}\n  - {id: a.c, pattern: x, enabled: no}\n",
        )
    text = str(caught.value)
    assert f"night.yaml:3: rules[0]: {tmp_path}/none.yaml: cannot read it: No such file" in text
    assert "night.yaml:4: rules[1]: a.b: missing ), unterminated subpattern" in text
    assert "night.yaml:5: rules[2]: a.c: enabled is true or false, not 'no'" in text
    (home / "bad.yaml").write_text("rules: [{id: a.b, pattern: x, clas: auth}]")
    (home / "raw.yaml").write_bytes(b"\xff")
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, "")
    text = str(caught.value)
    assert "bad.yaml:1: a.b: unknown key 'clas'" in text
    assert "raw.yaml: is not UTF-8 text" in text


def test_no_list(tmp_path: Path) -> None:
    """One file needs no brackets; anything else is told."""
    (tmp_path / "more.yaml").write_text("rules: [{id: more.one, pattern: abc}]")
    assert [rule.id for rule in decoded(loaded(tmp_path, "rules: more.yaml\n"))] == ["more.one"]
    with pytest.raises(ConfigError, match="a list of pack files and of rules"):
        loaded(tmp_path, "rules: [[a]]\n")


def test_one_id_twice(home: Path, tmp_path: Path) -> None:
    """In the user's packs or in a batch's; which one was meant?"""
    (home / "a.yaml").write_text(PACK)
    (home / "b.yaml").write_text(PACK)
    with pytest.raises(ConfigError, match=r"b.yaml:2: site.proxy is also at .*a.yaml:2"):
        user_rules({"HOME": str(tmp_path / "home")})
    (home / "b.yaml").unlink()
    with pytest.raises(ConfigError, match=r"a\.b is also at"):
        loaded(tmp_path, "rules:\n  - {id: a.b, pattern: x}\n  - {id: a.b, pattern: y}\n")


def test_what_may_not_be_used_is_told(tmp_path: Path) -> None:
    """A pattern that some engine refuses, and a switch for what is not there."""
    own = loaded(
        tmp_path,
        "rules:\n"
        "  - {id: a.b, pattern: x, unless: bad}\n"
        "  - {id: http.492, enabled: false}\n"
        "  - {id: http.503, enabled: false}\n",
    )
    told = problems(own, SHIPPED, lambda patterns: {"bad": "is bad"} if "bad" in patterns else {})
    assert told == [
        f"{tmp_path}/night.yaml:3: a.b: unless is bad",
        f"{tmp_path}/night.yaml:4: there is no rule http.492 to switch off, did you mean"
        ' "http.429"?',
    ]
    assert problems(own[2:], SHIPPED, fine) == []


def test_switching_off_a_rule_of_ones_own(home: Path, tmp_path: Path) -> None:
    """For one batch."""
    (home / "a.yaml").write_text("rules: [{id: a.b, pattern: x}]")
    own = loaded(tmp_path, "rules: [{id: a.b, enabled: false}]\n")
    assert problems(own, SHIPPED, fine) == []
