"""The binding to the kernel's inotify."""

import errno
from pathlib import Path

import pytest

from supervisor.adapters.inotify import CREATE, IGNORED, MODIFY, MOVED_TO, Inotify


def test_events_name_the_file(tmp_path: Path) -> None:
    """Creation, writes, moves, and the end of the directory."""
    place = tmp_path / "dir"
    place.mkdir()
    inotify = Inotify()
    try:
        watch = inotify.add(str(place))
        assert list(inotify.events()) == []
        (place / "a").write_text("x")
        (tmp_path / "b").write_text("y")
        (tmp_path / "b").rename(place / "b")
        found = list(inotify.events())
        assert (watch, CREATE, b"a") in found
        assert (watch, MODIFY, b"a") in found
        assert (watch, MOVED_TO, b"b") in found
        inotify.remove(watch)
        assert [mask for _, mask, _ in inotify.events()] == [IGNORED]
        inotify.remove(watch)
    finally:
        inotify.close()
        inotify.close()


def test_what_cannot_be_watched(tmp_path: Path) -> None:
    """Only directories that exist; a closed instance watches nothing."""
    inotify = Inotify()
    try:
        with pytest.raises(FileNotFoundError):
            inotify.add(str(tmp_path / "none"))
        (tmp_path / "file").write_text("")
        with pytest.raises(NotADirectoryError):
            inotify.add(str(tmp_path / "file"))
    finally:
        inotify.close()
    with pytest.raises(OSError, match="watch 1") as caught:
        inotify.remove(1)
    assert caught.value.errno == errno.EBADF


def test_the_limit_of_instances(monkeypatch: pytest.MonkeyPatch) -> None:
    """The kernel's refusal is an OSError like any other."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        with pytest.raises(OSError, match="inotify_init1") as caught:
            Inotify()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert caught.value.errno == errno.EMFILE
