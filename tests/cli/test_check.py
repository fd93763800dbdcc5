"""``overnight check``: problems, effective values, exit codes."""

import json
from pathlib import Path

import pytest

from supervisor.cli.check import run
from supervisor.cli.commands import BY_NAME
from supervisor.cli.words import CommandError, parsed
from supervisor.config.data import find


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


def check(*line: str) -> int:
    return run(parsed(list(line), BY_NAME["check"].flags, "check"))


def test_a_good_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("night.yaml").write_text(
        "run: cat {n}\nfor: {n: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}\n"
    )
    assert check("night.yaml") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "batch: night"
    assert "    retry: attempts 4, base 30s, factor 2, cap 5m, jitter 2s..7s" in lines
    assert lines[-3].startswith("12 tasks: night/1, night/2")
    assert lines[-3].endswith("night/10 … and 2 more")
    assert lines[-1] == "no problems found"


def test_a_bad_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("night.yaml").write_text("run: cat\nparallelx: 3\nlog: x\n")
    assert check("night.yaml") == 1
    assert capsys.readouterr().out.splitlines() == [
        'night.yaml:2: parallelx: unknown key, did you mean "parallel"?',
        "night.yaml:3: log is not supported in this version yet",
        "2 problems",
    ]


def test_a_machine_that_lacks_something(capsys: pytest.CaptureFixture[str]) -> None:
    Path("night.yaml").write_text("run: no-such-program\n")
    assert check("night.yaml") == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "night/no-such-program: no-such-program is not on PATH",
        "1 problem",
    ]


def test_rules_of_the_user_that_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "home/.config/overnight/rules"
    rules.mkdir(parents=True)
    (rules / "mine.yaml").write_text("- {id: x}\n")
    Path("night.yaml").write_text("run: cat\n")
    assert check("night.yaml") == 1
    assert "mine.yaml" in capsys.readouterr().out


def test_json(capsys: pytest.CaptureFixture[str]) -> None:
    Path("night.yaml").write_text("run: cat\nid: a\n")
    assert check("night.yaml", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["v"], document["ok"], document["problems"]) == (1, True, [])
    assert document["tasks"] == ["night/a"]
    assert document["effective"]["groups"]["night"]["breaker"]["then"] == "pause"
    Path("night.yaml").write_text("rn: cat\n")
    assert check("night.yaml", "--json") == 1
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is False
    assert document["effective"] is None


def test_no_file_is_wrong_usage() -> None:
    with pytest.raises(CommandError, match=r"^check which file\? overnight check FILE$"):
        check()


@pytest.mark.parametrize("name", ["example", "starter", "demo", "demo-fast"])
def test_the_files_that_come_along_are_good(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(str(find(f"configs/{name}.yaml", {}))) == 0, capsys.readouterr().out


def test_own_rules(capsys: pytest.CaptureFixture[str]) -> None:
    """What counts is shown, what is slow or wrong is warned of, what could hang is refused."""
    Path("night.yaml").write_text(
        "run: cat\nrules:\n"
        "  - {id: own.gap, pattern: .*no luck, matches: [all is well]}\n"
        "  - {id: http.429, enabled: false}\n"
    )
    code = check("night.yaml")
    lines = capsys.readouterr().out.splitlines()
    assert "rules: own.gap from night.yaml:3, http.429 (off) from night.yaml:4" in lines
    assert any("own.gap: the pattern begins with .*, which finds nothing" in x for x in lines)
    assert any("own.gap must explain 'all is well', but nothing does" in x for x in lines)
    assert code == 0


def test_an_own_rule_that_no_engine_takes(capsys: pytest.CaptureFixture[str]) -> None:
    """Told with file, line, reason and the way out."""
    Path("night.yaml").write_text(
        "run: cat\nrules:\n  - id: own.huge\n    pattern: '(?:(?:(?:a{0,9}b){0,99}c){0,99}d){0,99}e'\n"
    )
    assert check("night.yaml") == 1
    out = capsys.readouterr().out
    assert "night.yaml:3: own.huge: pattern cannot be searched in linear time" in out
    assert "make it simpler" in out
