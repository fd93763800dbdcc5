"""README tells the truth about commands and keys, and about the files it names."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from supervisor.core.told import BadItem, Told
from supervisor.engine.saying import Saying
from supervisor.tui.places import SCREENS
from tests.pictures import SIZES
from tests.readme import README, renewed

ROOT = README.parent


def test_tables_are_those_of_the_program() -> None:
    text = README.read_text()
    assert renewed(text) == text, "python -m tests.readme renews the tables"


def test_named_make_targets_exist() -> None:
    makefile = (README.parent / "Makefile").read_text()
    for target in re.findall(r"(?:^|`)make ([a-z-]+)", README.read_text(), re.MULTILINE):
        assert f"\n{target}:" in makefile, target


def test_pictures_are_there_at_three_sizes_and_small() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
    names = {one.stem.rpartition("-")[0] for one in pictures}
    assert {one.name for one in pictures} == {
        f"{name}-{columns}x{lines}.svg" for name in names for columns, lines in SIZES
    }
    assert {place.name for place in SCREENS} <= names, "a screen has no picture: make pictures"
    assert sum(one.stat().st_size for one in pictures) < 1_500_000
    for named in re.findall(r"docs/pictures/[\w-]+\.svg", README.read_text()):
        assert (ROOT / named).exists(), named


def _blocks(language: str) -> list[str]:
    text = README.read_text()
    chapter = text.partition("## Make your runner resumable")[2].partition("\n## ")[0]
    return re.findall(rf"```{language}\n(.*?)```", chapter, re.DOTALL)


def _told_by(argv: list[str], place: Path) -> Told:
    """Run an example as an attempt; return what its marks add up to."""
    environment = os.environ | {"OVERNIGHT_MARKS": str(place / "marks"), "PYTHONPATH": str(ROOT)}
    with (place / "stdout.log").open("wb") as log:
        subprocess.run(argv, cwd=place, env=environment, stdout=log, check=True)
    saying = Saying(place)
    saying.look_to_the_end(time.time())
    told = saying.told()
    assert told is not None
    assert told.malformed == 0
    return replace(told, done=saying.counter and saying.counter[0])


def test_five_lines_are_resumable(tmp_path: Path) -> None:
    code = _blocks("python")[0]
    assert len([line for line in code.splitlines() if line]) <= 5
    (tmp_path / "my_eval.py").write_text(code)
    assert _told_by([sys.executable, "my_eval.py"], tmp_path).done == 3
    lines = (tmp_path / "my_eval.results.jsonl").read_text().splitlines()
    assert [json.loads(line)["result"] for line in lines[1:]] == [
        {"answer": "Q1"},
        {"answer": "Q2"},
        {"answer": "Q3"},
    ]
    # The second of them was never done: it alone is done again.
    (tmp_path / "my_eval.results.jsonl").write_text("\n".join([*lines[:2], lines[3], ""]))
    _told_by([sys.executable, "my_eval.py"], tmp_path)
    again = (tmp_path / "my_eval.results.jsonl").read_text().splitlines()
    assert [json.loads(line)["item"] for line in again[1:]] == ["q1", "q3", "q2"]


def test_a_shell_says_as_much(tmp_path: Path) -> None:
    (code,) = _blocks("sh")
    (tmp_path / "answers.txt").write_text("q1\nq3\n")
    told = _told_by(["sh", "-c", code], tmp_path)
    assert (told.done, told.item) == (3, "q3")
    assert told.failed == (BadItem(id="q2", error_class="unknown", text="no answer"),)


def test_node_says_as_much(tmp_path: Path) -> None:
    (code,) = _blocks("js")
    if shutil.which("node") is None:
        # Without it the marks alone are read: they are object literals.
        marks = re.findall(r"say\(\{(.*)\}\);", code)
        assert len(marks) == 4
        return
    told = _told_by(["node", "-e", code], tmp_path)
    assert (told.done, told.errors, told.tokens_in, told.cost) == (1, 1, 900, 0.01)
    assert told.failed == (BadItem(id="q1", error_class="server_error", text="HTTP 500"),)
    assert told.wait is not None
    assert told.wait.error_class == "usage_window"
