"""Compiled patterns and their cache."""

import subprocess
from pathlib import Path

import pytest

from supervisor.adapters.scanner import compiling
from supervisor.adapters.scanner.compiling import compiled, database, loaded, refusal
from supervisor.adapters.scanner.plain import PatternError


def matches(cache: Path | None) -> bool:
    found: list[int] = []

    def take(place: int, start: int, end: int, flags: int, context: object) -> None:
        found.append(place)

    loaded(database(["alpha", "beta"], cache)).scan(b"a BETA\n", match_event_handler=take)
    return found == [1]


def test_the_second_start_loads_what_the_first_compiled(tmp_path: Path) -> None:
    """One file, for its owner only to write, and no partial ones."""
    cache = tmp_path / "cache"
    assert matches(cache)
    (file,) = cache.iterdir()
    first = file.stat().st_mtime_ns
    assert matches(cache)
    assert file.stat().st_mtime_ns == first
    assert cache.stat().st_mode & 0o077 == 0


def test_a_damaged_cache_is_made_again(tmp_path: Path) -> None:
    """Garbage in the file costs time, nothing else."""
    assert matches(tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(b"garbage")
    assert matches(tmp_path)
    assert file.read_bytes() != b"garbage"


def test_without_a_place_to_keep_it(tmp_path: Path) -> None:
    """No cache, or one that cannot be written."""
    assert matches(None)
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    assert matches(blocked / "cache")


def test_old_sets_go(tmp_path: Path) -> None:
    """The cache does not grow with every change of the rules."""
    for number in range(12):
        (tmp_path / f"hyperscan-{number:024}.db").write_bytes(b"old")
    assert matches(tmp_path)
    assert len(list(tmp_path.iterdir())) == 8


def test_when_the_child_cannot_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The patterns are compiled in this process instead."""

    def refuse(*_words: object, **_options: object) -> subprocess.CompletedProcess[bytes]:
        raise OSError("no more processes")

    monkeypatch.setattr(compiling.subprocess, "run", refuse)
    assert matches(tmp_path / "a")
    monkeypatch.setattr(compiling.sys, "executable", "/bin/false")
    monkeypatch.undo()


def test_when_the_child_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exit code is looked at."""
    monkeypatch.setattr(compiling.sys, "executable", "/bin/false")
    assert matches(tmp_path)


def test_a_pattern_beyond_the_engine(tmp_path: Path) -> None:
    """Here and in the child alike."""
    with pytest.raises(PatternError):
        compiled(["a(?!b)"])
    with pytest.raises(PatternError):
        database(["a(?!b)"], tmp_path)


def test_patterns_that_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted is the processor's time, in a process that ends with it."""
    monkeypatch.setattr(compiling, "_REFUSED_AFTER_S", 1)
    slow = [f"(?:w{n}.{{0,300}}){{2}}z" for n in range(200)]
    assert refusal(slow) == "takes more than 1 s to compile"
    assert refusal(["alpha.{3,40}beta"]) is None
