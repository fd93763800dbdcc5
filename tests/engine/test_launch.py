"""The launch file carries a batch from the command line to its engine, and nothing more."""

import os
from pathlib import Path

import pytest

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
