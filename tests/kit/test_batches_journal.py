"""What a batch stage remembers, and what it makes of damage."""

import json
from pathlib import Path

import pytest

from supervisor.kit.batches_journal import BatchJournal, Manifest
from supervisor.kit.errors import CheckpointError, InputChangedError


def test_facts_come_back_and_a_torn_one_never_was(tmp_path: Path) -> None:
    with BatchJournal(tmp_path / "m.json", "a/b.stage_1", ["x"]) as journal:
        journal.add({"fact": "refused"})
        path = journal.path
    assert path == tmp_path / "m.json.d" / "a%2Fb.stage_1.jsonl"
    path.write_bytes(path.read_bytes() + b'{"fact":"subm')
    with BatchJournal(tmp_path / "m.json", "a/b.stage_1", ["x"]) as journal:
        assert [fact["fact"] for fact in journal.facts] == ["began", "refused"]
        journal.add({"fact": "failed", "reason": "r"})
    assert len(path.read_text().splitlines()) == 3


def test_damage_in_the_middle_is_told_and_not_passed_over(tmp_path: Path) -> None:
    with BatchJournal(tmp_path / "m.json", "s", ["x"]) as journal:
        path = journal.path
    path.write_text(path.read_text() + "damage\n{}\n")
    with pytest.raises(CheckpointError, match="line 2 is damaged"):
        BatchJournal(tmp_path / "m.json", "s", ["x"])


def test_other_requests_and_later_versions_are_refused(tmp_path: Path) -> None:
    with BatchJournal(tmp_path / "m.json", "s", ["x"]) as journal:
        path = journal.path
    with pytest.raises(InputChangedError, match="1 other requests"):
        BatchJournal(tmp_path / "m.json", "s", ["y"])
    path.write_text(json.dumps({"fact": "began", "version": 2, "ids": ["x"]}) + "\n")
    with pytest.raises(CheckpointError, match="version 2"):
        BatchJournal(tmp_path / "m.json", "s", ["x"])


def test_the_manifest_keeps_what_others_wrote(tmp_path: Path) -> None:
    manifest = Manifest(tmp_path / "m.json")
    manifest.tell("d", 1, {"total_failures": 3})
    assert manifest.count(5) == 5
    assert manifest.count(2) == 7
    manifest.tell("d", 2, {"total_failures": 0})
    assert json.loads(manifest.path.read_text()) == {
        "failed_requests": {
            "d": {"stage_1": {"total_failures": 3}, "stage_2": {"total_failures": 0}}
        },
        "submitted_requests": 7,
    }


def test_a_manifest_that_is_none_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_text("{half")
    with pytest.raises(CheckpointError, match="no JSON"):
        Manifest(tmp_path / "m.json").count(1)
    assert (tmp_path / "m.json").read_text() == "{half"
