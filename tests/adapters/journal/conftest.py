"""A journal on a disk."""

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
