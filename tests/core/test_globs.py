"""Patterns match what ``glob`` would find, values of names are no wildcards."""

import glob
from pathlib import Path

import pytest

from supervisor.core.globs import filled_in, fixed_part, literal, matcher, opened

FILES = (
    "r/a/result.json",
    "r/a/.failed/x/result.json",
    "r/a/b/.failed/result.json",
    "r/.hidden/result.json",
    "r/a/run_01.log",
    "r/a/run_1.log",
    "r/a/.log",
    "r/[x]/result.json",
    "r/a*b/result.json",
    "s/top.txt",
)


@pytest.mark.parametrize(
    "pattern",
    [
        "r/*/result.json",
        "r/**/.failed/**/result.json",
        "r/**/result.json",
        "r/a/run_??.log",
        "r/a/run_[0-9].log",
        "r/a/run_[!1]*.log",
        "r/[[]x]/result.json",
        "r/a[*]b/result.json",
        "**/*.json",
        "r/a/.*",
        "r/a/*.log",
        "s/top.txt",
        "r/a/[",
    ],
)
def test_matches_are_those_of_glob(pattern: str, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    whole = f"{literal(str(tmp_path))}/{pattern}"
    paths = [str(tmp_path / name) for name in FILES]
    found = {path for path in glob.glob(whole, recursive=True) if Path(path).is_file()}  # noqa: PTH207 - the model
    assert {path for path in paths if matcher(whole).fullmatch(path)} == found


def test_values_are_taken_as_they_are() -> None:
    pattern = filled_in("./results/{capsule}/*.{ext}", "/work[1]/", {"capsule": "a*[b]", "x": "y"})
    assert pattern == "/work[[]1]/results/a[*][[]b]/*.{ext}"
    assert matcher(pattern).fullmatch("/work[1]/results/a*[b]/1.{ext}")
    assert filled_in("/abs/{task}", "/cwd", {"task": "g/t"}) == "/abs/g/t"


def test_what_lies_above_all_matches() -> None:
    assert fixed_part("/w/results/a[*]b/**/x.json") == "/w/results/a*b"
    assert fixed_part("/w/results/one.json") == "/w/results"
    assert fixed_part("/*.json") == "/"
    assert opened("results/{capsule}/{other}", "/w", ["capsule"]) == "/w/results/*/{other}"
    assert fixed_part(opened("r/{a}/x", "/w", ["a"])) == "/w/r"
