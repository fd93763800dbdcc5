"""One growing file, read piece by piece."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.logfile import BEHIND, CHUNK, LATE, LogFile
from supervisor.core.models import TaskId
from supervisor.ports import Ref

REF = Ref(TaskId("g/a"), 1)


@pytest.fixture
def file(tmp_path: Path) -> Iterator[LogFile]:
    made = LogFile(REF, "stdout", str(tmp_path), 0)
    yield made
    made.close()


def path(file: LogFile) -> Path:
    return Path(file.path)


def test_it_is_opened_with_its_first_byte(file: LogFile) -> None:
    """Most logs stay empty: a missing or an empty file costs no descriptor."""
    assert file.read() is None
    path(file).touch()
    assert file.read() is None
    assert not file.is_open
    assert not file.has_news()
    path(file).write_text("x")
    assert file.has_news()
    chunk = file.read()
    assert chunk is not None
    assert (chunk.ref, chunk.stream, chunk.offset, chunk.data) == (REF, "stdout", 0, b"x")
    assert file.is_open
    assert file.read() is None


def test_closing_forgets_nothing(file: LogFile) -> None:
    """Read on after the descriptor was given back."""
    path(file).write_text("one")
    assert file.read() is not None
    file.close()
    with path(file).open("a") as more:
        more.write("two")
    chunk = file.read()
    assert chunk is not None
    assert (chunk.offset, chunk.data, chunk.restarted) == (3, b"two", False)


def test_a_truncated_file_starts_again(file: LogFile) -> None:
    """A file that became shorter is a new one in the old place."""
    path(file).write_text("a long line")
    assert file.read() is not None
    path(file).write_text("new")
    chunk = file.read()
    assert chunk is not None
    assert (chunk.offset, chunk.data, chunk.restarted) == (0, b"new", True)


def test_a_replaced_file_is_read_after_the_rest_of_the_old_one(file: LogFile) -> None:
    """Nothing of either is lost."""
    path(file).write_text("old")
    assert file.read() is not None
    with path(file).open("a") as more:
        more.write(" rest")
    fresh = path(file).with_suffix(".new")
    fresh.write_text("new file")
    fresh.rename(path(file))
    file.replaced = True
    assert [chunk.data for chunk in file.rest()] == [b" rest", b"new file"]
    file.replaced = True
    path(file).unlink()
    assert file.read() is None


def test_the_rest_is_bounded(file: LogFile) -> None:
    """At most 4 MiB, in chunks of 256 KiB."""
    path(file).write_bytes(b"z" * (LATE + 100))
    chunks = list(file.rest())
    assert chunks[0].offset == 100
    assert {len(chunk.data) for chunk in chunks} == {CHUNK}
    assert list(file.rest()) == []


def test_little_is_read_with_little_room(file: LogFile) -> None:
    """Then, while there is more, a whole chunk at once."""
    path(file).write_bytes(b"z" * (CHUNK + 100))
    first, second = file.read(), file.read()
    assert first is not None
    assert second is not None
    assert len(first.data) < CHUNK < len(first.data) + len(second.data)
    assert (file.more, file.read()) == (False, None)


def test_what_is_far_behind_is_skipped(file: LogFile) -> None:
    """But not before 64 MiB: a burst is read whole."""
    path(file).write_bytes(b"z" * CHUNK)
    os.truncate(path(file), BEHIND)
    assert file.read() is not None
    assert file.offset < CHUNK
    os.truncate(path(file), 2 * BEHIND)
    assert file.read() is not None
    assert file.offset == 2 * BEHIND - LATE


def test_a_missing_file_has_no_rest(file: LogFile) -> None:
    """Never written, never opened."""
    assert list(file.rest()) == []
    assert not file.has_news()
