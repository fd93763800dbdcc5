"""Which batch is meant: by name, by place, by where we are, by what runs."""

from pathlib import Path

import pytest

from supervisor.cli.batches import Entry, at_directory, chosen, is_still_running, known, running
from supervisor.cli.words import Args, CommandError
from tests.cli.conftest import Place

NONE = Args([], {})


def named(word: str) -> Args:
    return Args([], {"batch": [word]})


def elsewhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go where no batch is."""
    folder = place.home / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)


def test_the_one_under_the_current_directory_goes_first(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ended("here")
    there = Place(place.home / "there", place.home)
    there.path.mkdir()
    there.running("other")
    try:
        assert chosen(NONE, reads=True).batch == "here"
        assert chosen(NONE, reads=False).batch == "here"
        elsewhere(place, monkeypatch)
        assert chosen(NONE, reads=False).batch == "other"
    finally:
        there.processes[0].kill()
        there.processes[0].wait()


def test_of_several_here_the_only_running_one(place: Place) -> None:
    place.ended("old", started_at=9000.0)
    place.running("young")
    assert chosen(NONE, reads=False).batch == "young"


def test_reading_takes_the_latest_and_says_so(
    place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place.ended("old", started_at=1000.0)
    place.ended("young", started_at=2000.0)
    elsewhere(place, monkeypatch)
    assert chosen(NONE, reads=True).batch == "young"
    assert "the latest batch, young" in capsys.readouterr().err
    with pytest.raises(CommandError, match=r"no batch is running; these were:\n  young.*\n  old"):
        chosen(NONE, reads=False)


def test_acting_never_guesses_between_two(place: Place) -> None:
    place.running("one")
    place.running("two")
    with pytest.raises(CommandError, match=r"which batch.*\n.*one.*\n.*two"):
        chosen(NONE, reads=False)
    assert chosen(named("two"), reads=False).batch == "two"


def test_by_file_directory_and_uuid(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    info = place.ended("night", uuid="abcdef0123456789abcdef0123456789")
    (place.path / "night.yaml").touch()
    elsewhere(place, monkeypatch)
    for word in (info.source, info.directory, str(place.path), "abcdef", "night"):
        assert chosen(named(word), reads=False).uuid == info.uuid, word
    for word in ("abc", "nights", str(place.home)):
        with pytest.raises(CommandError, match="no batch"):
            chosen(named(word), reads=True)


def test_a_batch_that_this_home_never_heard_of_is_found_by_its_place(place: Place) -> None:
    place.ended("night")
    for told in (place.home / ".local/state/overnight/batches").iterdir():
        told.unlink()
    assert known() == []
    assert chosen(NONE, reads=True).batch == "night"


def test_begun_anew_counts_once(place: Place) -> None:
    place.ended("night", uuid="1" * 32, started_at=1.0)
    place.ended("night", uuid="2" * 32, started_at=2.0)
    assert [entry.uuid for entry in known()] == ["2" * 32]


def test_running_refuses_what_does_not_run(place: Place) -> None:
    place.ended("night")
    with pytest.raises(CommandError, match=r"night is not running; overnight run .*night.yaml"):
        running(NONE)
    retry = Args([], {}, command="retry")
    with pytest.raises(CommandError, match=r"night.yaml --retry-errors runs what failed"):
        running(retry)


def test_an_engine_is_known_by_more_than_its_pid(place: Place) -> None:
    pid = place.process().pid
    assert entry_of(place, pid=pid).running
    assert not entry_of(place, pid=pid, start_time=5).running
    assert not entry_of(place, pid=pid, boot_id="another").running
    assert not entry_of(place, pid=pid, host="another").running
    assert not entry_of(place, pid=pid, ended_at=5.0).running


def entry_of(place: Place, *, pid: int, **facts: object) -> Entry:
    entry = at_directory(place.info("night", pid=pid, **facts).directory)
    assert entry is not None
    return entry


def test_an_end_is_seen(place: Place) -> None:
    entry = entry_of(place, pid=place.process().pid)
    assert is_still_running(entry)
    place.processes[0].kill()
    place.processes[0].wait()
    assert not is_still_running(entry)


def test_no_engine_ever(tmp_path: Path) -> None:
    assert at_directory(str(tmp_path)) is None
