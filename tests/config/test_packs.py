"""Rule packs: what is accepted, what is refused, and that their own samples hold."""

import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.config import packs
from supervisor.config.packs import built, load_built, read_pack, read_packs, sample_faults
from supervisor.core.models import ErrorClass
from supervisor.core.rules import RuleBook
from supervisor.ports import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs"
GOOD = """
rules:
  - id: my.limit
    class: rate_limit
    strength: weak
    where: error
    rank: 3
    pattern: 'slow \\d+ down'
    unless: 'slowly'
    matches: ["Error: slow 9 down"]
    ignores: ["slow food"]
  - id: my.hint
    pattern: come back
    matches: [come back]
"""


def problems(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_pack(text, "my.yaml")
    return str(caught.value)


def rule(**fields: str) -> str:
    known = {"id": "my.rule", "pattern": "abc", "matches": "[abc]"} | fields
    lines = [f"{key}: {value}" for key, value in known.items() if value]
    return "rules:\n  - " + "\n    ".join(lines) + "\n"


def test_a_pack_becomes_rules() -> None:
    """Every key has its place; the rest has defaults."""
    limit, hint = read_pack(GOOD, "my.yaml")
    assert (limit.error_class, limit.strength, limit.where) == (
        ErrorClass.RATE_LIMIT,
        "weak",
        "error",
    )
    assert (limit.rank, limit.unless, limit.ignores) == (3, "slowly", ("slow food",))
    assert (hint.error_class, hint.strength, hint.where, hint.rank) == (None, "strong", "any", 2)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rules: 3", "my.yaml:1: a pack is a mapping with a list of rules"),
        ("[1]", "a pack is a mapping"),
        ("rules: [abc]", "a rule is a mapping"),
        (rule(id="Bad"), "a rule needs an id such as pack.name, not 'Bad'"),
        (rule(clas="auth"), "unknown key 'clas'"),
        (rule(**{"class": "authh"}), "there is no class 'authh'"),
        (rule(rank="7"), "rank is one of 0, 1, 2, 3, not '7'"),
        (rule(where="stdout"), "where is one of any, stderr, structured, error, exception"),
        (rule(pattern=""), "a rule needs a pattern"),
        (rule(pattern="'a('"), "a("),
        (rule(pattern="'a*'"), "matches an empty line"),
        (rule(pattern="'a(?=b)'"), "looks around"),
        (rule(pattern=r"'(a)\1'"), "refers back"),
        (rule(pattern="'a++b'"), "is possessive"),
        (rule(pattern="'[·x] y'"), "beyond ASCII in brackets"),
        (rule(pattern="'é+x'"), "repeats a letter beyond ASCII"),
        (rule(pattern=r"'\Aabc'"), "an anchor other than"),
        (rule(matches=""), "matches needs at least one line"),
        (rule(matches="abc"), "matches is a list of lines"),
        (rule(unless="'b('"), "b("),
        (rule(unless="'b*'"), "matches an empty line"),
    ],
)
def test_faults_are_named(text: str, words: str) -> None:
    """With the file, and in words that tell what is right."""
    assert words in problems(text)


def test_look_around_is_fine_where_only_re_reads_it() -> None:
    """``unless`` is never given to a fast engine."""
    (made,) = read_pack(rule(unless="'abc(?!d)'"), "my.yaml")
    assert made.unless == "abc(?!d)"


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Of every file, and ids that two rules have."""
    (tmp_path / "a.yaml").write_text(rule(rank="9"))
    (tmp_path / "b.yaml").write_text(GOOD)
    (tmp_path / "c.yaml").write_text(GOOD)
    with pytest.raises(ConfigError) as caught:
        read_packs(tmp_path)
    text = str(caught.value)
    assert "a.yaml:2: my.rule: rank" in text
    assert "my.limit: two rules have this id" in text


def test_samples_are_checked() -> None:
    """A rule that does not do what its pack says is named with the sample."""
    rules = read_pack(GOOD.replace("slow food", "slow 5 down, error").replace("9", "n"), "my.yaml")
    text = "\n".join(sample_faults(rules, RuleBook(rules)))
    assert "my.limit must explain 'Error: slow n down', but nothing does" in text
    assert "my.limit must not explain 'slow 5 down, error'" in text
    twin = read_pack(GOOD.replace("my.", "other."), "other.yaml")
    both = (*read_pack(GOOD, "my.yaml"), *twin)
    assert any("my.limit explains it" in fault for fault in sample_faults(both, RuleBook(both)))


SHIPPED = read_packs(CONFIGS / "rules")
BOOK = RuleBook(SHIPPED)


@pytest.mark.parametrize("name", [rule.id for rule in SHIPPED])
def test_the_samples_of_the_shipped_packs(name: str) -> None:
    """Each rule explains what it says and nothing that it disclaims."""
    assert list(sample_faults([rule for rule in SHIPPED if rule.id == name], BOOK)) == []


def test_every_class_that_text_can_show_has_a_rule() -> None:
    """The rest is known from the end itself."""
    told_by_the_end = {
        ErrorClass.TIMEOUT,
        ErrorClass.STALLED,
        ErrorClass.LOST,
        ErrorClass.OPERATOR,
    }
    assert {rule.error_class for rule in SHIPPED} == set(ErrorClass) - told_by_the_end | {None}


def test_the_built_file_is_fresh() -> None:
    """Run ``python -m supervisor.config.packs`` after a change of a pack."""
    assert (CONFIGS / "rules.json").read_text(encoding="utf-8") == built(SHIPPED)


def test_the_built_file_loads_as_the_same_rules(tmp_path: Path) -> None:
    """Nothing is lost on the way; a missing or damaged file is refused with its name."""
    assert tuple(load_built(CONFIGS / "rules.json")) == SHIPPED
    damaged = tmp_path / "rules.json"
    damaged.write_text("[{}]")
    for path in (damaged, tmp_path / "none.json"):
        with pytest.raises(ConfigError, match=path.name):
            load_built(path)


def test_loading_needs_no_yaml() -> None:
    """The engine starts without it."""
    code = (
        "import sys; from pathlib import Path; from supervisor.config.packs import load_built;"
        f"load_built(Path({str(CONFIGS / 'rules.json')!r}));"
        "print([m for m in ('ruamel', 'pydantic') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_building(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes the file; samples that do not hold and broken packs fail the build."""
    place = tmp_path / "supervisor" / "config" / "packs.py"
    folder = tmp_path / "configs" / "rules"
    folder.mkdir(parents=True)
    monkeypatch.setattr(packs, "__file__", str(place))
    (folder / "a.yaml").write_text(GOOD)
    assert packs.main() == 0
    assert len(load_built(tmp_path / "configs" / "rules.json")) == 2
    (folder / "a.yaml").write_text(GOOD.replace("Error: slow 9 down", "Error: fast"))
    assert packs.main() == 1
    (folder / "a.yaml").write_text("rules: 1")
    assert packs.main() == 1
