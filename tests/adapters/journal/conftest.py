"""A journal on a disk, and a disk small enough to be filled."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from supervisor.adapters.journal import SqliteJournal
from supervisor.core.models import TaskId
from supervisor.ports import Stored
from tests.journals import batch_rows, batch_spec

A = TaskId("g/a")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "state.db"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    with closing(SqliteJournal(path, now=lambda: 1_770_000_000.0)) as opened:
        opened.begin(batch_spec(), batch_rows())
        yield opened


def reloaded(path: Path) -> Stored:
    with closing(SqliteJournal(path)) as opened:
        stored = opened.load()
    assert stored is not None
    return stored


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount 64 MiB of memory as a file system."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64M", "tmpfs", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)
