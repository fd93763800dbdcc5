"""Whose containers are, kept for engines to come."""

import logging
from pathlib import Path

import pytest

from supervisor.adapters.containers.ledger import FILE, Ledger, claimed, read
from supervisor.core.names import TaskId
from supervisor.core.ownership import Maker

OURS = Maker(task=TaskId("g/t"), attempt=2, how="its client made it")
OTHER = Maker(task=None, how="somebody else made it")


def test_what_was_kept_is_there_for_the_next_engine(tmp_path: Path) -> None:
    Ledger(tmp_path).keep({"1": OURS, "2": OTHER})
    assert Ledger(tmp_path).makers == {"1": OURS, "2": OTHER}
    assert claimed([tmp_path, tmp_path / "none"]) == {"1"}


def test_the_first_word_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.keep({"1": OTHER})
    ledger.keep({"1": OURS})
    assert ledger.makers == {"1": OTHER}
    assert len((tmp_path / FILE).read_text().splitlines()) == 1
    with (tmp_path / FILE).open("a") as file:
        file.write('{"id": "1", "task": "g/t", "attempt": 2, "how": "x"}\n')
    assert read(tmp_path) == {"1": OTHER}


def test_a_line_cut_short_harms_no_other(tmp_path: Path) -> None:
    Ledger(tmp_path).keep({"1": OURS})
    with (tmp_path / FILE).open("a") as file:
        file.write('{"id": "2", "ta\n[]\n{"id": "3", "task": "g/u", "attempt": 1, "how": "x"}\n')
    assert set(read(tmp_path)) == {"1", "3"}


def test_a_full_disk_costs_only_the_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ledger = Ledger(tmp_path / "none")
    with caplog.at_level(logging.WARNING):
        ledger.keep({"1": OURS})
    assert ledger.makers == {"1": OURS}
    assert "cannot be kept" in caplog.text
