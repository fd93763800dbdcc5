"""The launch file carries a batch from the command line to its engine, and nothing more."""

import json
import os
from pathlib import Path

import pytest

from supervisor.core.codec import encode
from supervisor.core.options import RunOptions
from supervisor.engine.launch import Ready, lasting, read_launch, write_launch
from supervisor.ports import ConfigError
from tests.engine.batches import spec_of


def test_is_private_and_comes_back_whole(tmp_path: Path) -> None:
    spec = spec_of("g/a", directory=str(tmp_path / "x" / "night"))
    options = RunOptions(parallel=3, filter="g/*")
    directory = write_launch(spec, options)
    assert read_launch(directory) == (spec, options)
    assert (directory / "launch.json").stat().st_mode & 0o777 == 0o600
    assert directory.stat().st_mode & 0o777 == 0o700


def test_has_a_line_for_each_task_and_is_json_all_the_same(tmp_path: Path) -> None:
    spec = spec_of("g/a", "g/b", directory=str(tmp_path))
    path = write_launch(spec, RunOptions()) / "launch.json"
    document = json.loads(path.read_text())
    assert document["spec"]["source"] == spec.source
    assert [task["id"] for task in document["spec"]["tasks"]] == ["g/a", "g/b"]
    assert len(path.read_text().splitlines()) == 4


def test_one_of_an_older_version_all_in_one_line_is_read(tmp_path: Path) -> None:
    spec, options = spec_of("g/a", "g/b", directory=str(tmp_path)), RunOptions(parallel=3)
    document = {"v": 1, "spec": encode(spec), "options": encode(options)}
    (tmp_path / "launch.json").write_text(json.dumps(document))
    assert read_launch(tmp_path) == (spec, options)


def test_one_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    path = write_launch(spec_of("g/a", "g/b", directory=str(tmp_path)), RunOptions())
    file = path / "launch.json"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:2]))
    with pytest.raises(ConfigError, match="cut short"):
        read_launch(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"spec": 1, "options": 2}'])
def test_one_that_cannot_be_read_says_the_way_out(tmp_path: Path, text: str) -> None:
    (tmp_path / "launch.json").write_text(text)
    with pytest.raises(ConfigError, match="overnight run FILE"):
        read_launch(tmp_path)


def test_orders_that_were_carried_out_do_not_last() -> None:
    once = RunOptions(fresh=True, retry_errors=True, force=True, moved="moved", changed="keep")
    assert lasting(once) == RunOptions()
    assert lasting(RunOptions(filter="a", parallel=2)) == RunOptions(filter="a", parallel=2)


def test_the_word_of_a_new_engine_is_one_line() -> None:
    reader, writer = os.pipe()
    Ready(ok=True, messages=("two\nlines",)).say(writer)
    with os.fdopen(reader) as pipe:
        text = pipe.read()
    assert text.count("\n") == 1
    assert '"ok": true' in text
