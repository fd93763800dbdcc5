"""Results are an attempt's own when it named them, or when nobody else can have written them."""

import os
from pathlib import Path

import pytest

from supervisor.adapters.results.bounded import Unreadable
from supervisor.adapters.results.choice import own, said, written
from tests.adapters.results.looks import look
from tests.adapters.results.looks import written as write


def name(path: Path) -> str:
    return path.name


def test_only_regular_files_written_since_the_beginning_count(tmp_path: Path) -> None:
    write(tmp_path / "logs/old.eval", "x", after_s=-1)
    newest = write(tmp_path / "logs/a.eval", "x", after_s=9)
    new = write(tmp_path / "logs/b.eval", "x", after_s=0)
    os.mkfifo(tmp_path / "logs/pipe.eval")
    (tmp_path / "logs/folder.eval").mkdir()
    (tmp_path / "logs/gone.eval").symlink_to(tmp_path / "nowhere")
    where = look(tmp_path)
    assert written(("logs/*.eval", "logs/a*"), where) == [new, newest]
    assert written((f"{tmp_path}/logs/a.*",), where) == [newest]


def test_a_folder_with_signs_of_a_pattern_in_its_name(tmp_path: Path) -> None:
    path = write(tmp_path / "run[1]/logs/a.eval", "x")
    assert written(("logs/*",), look(tmp_path / "run[1]")) == [path]


def test_what_the_living_runner_named_is_its_own(tmp_path: Path) -> None:
    mine = write(tmp_path / "logs/a.eval", "x", after_s=1)
    write(tmp_path / "logs/b.eval", "x", after_s=2)
    where = look(tmp_path, known=(mine,), shared=True)
    assert own(("logs/*",), where, name) == [mine]
    later = write(tmp_path / "logs/later.eval", "x")
    where = look(tmp_path, known=(mine,), shared=True, said="Log: logs/later.eval")
    assert own(("logs/*",), where, name) == [mine, later]
    elsewhere = write(tmp_path / "other/c.eval", "x")
    assert own(("logs/*",), look(tmp_path, known=(elsewhere,)), name) == [elsewhere]


def test_a_name_in_the_output_is_found_however_it_is_wrapped(tmp_path: Path) -> None:
    mine = write(tmp_path / "logs/2026-01-01_task_abc.eval", "x")
    write(tmp_path / "logs/2026-01-01_task_xyz.eval", "x")
    for text in (
        "Log: logs/2026-01-01_task_abc.eval",
        "│ Log: logs/2026-01-01_ta │\n│ sk_abc.eval            │\n",
        "\x1b[1mLog:\x1b[0m logs/2026-01-01_task_\nabc.eval\n" + "x" * 1000,
    ):
        assert own(("logs/*",), look(tmp_path, shared=True, said=text), name) == [mine]


def test_alone_in_its_place_all_results_are_its_own(tmp_path: Path) -> None:
    one = write(tmp_path / "logs/a.eval", "x", after_s=1)
    two = write(tmp_path / "logs/b.eval", "x", after_s=2)
    assert own(("logs/*",), look(tmp_path), name) == [one, two]


def test_in_a_shared_place_unnamed_results_prove_nothing(tmp_path: Path) -> None:
    assert own(("logs/*",), look(tmp_path, shared=True), name) == []
    write(tmp_path / "logs/a.eval", "x")
    with pytest.raises(Unreadable, match="the results there may be another attempt's"):
        own(("logs/*",), look(tmp_path, shared=True), name)
    write(tmp_path / "logs/b.eval", "x")
    with pytest.raises(Unreadable, match="2 results there may be"):
        own(("logs/*",), look(tmp_path, shared=True), name)


def test_of_huge_output_both_ends_are_read(tmp_path: Path) -> None:
    where = look(tmp_path, said="first " + "x" * (2 << 20) + " last", logs=())
    assert said(where) == ""
    where = look(tmp_path, said="first " + "x" * (2 << 20) + " last")
    assert said(where).startswith("firstxx")
    assert said(where).endswith("xxlast")
    assert len(said(where)) < 2 << 20
