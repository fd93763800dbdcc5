"""Logs of any kind and size are read once, in bounded memory."""

import io
import os
import sys
import threading
from pathlib import Path

import pytest

from supervisor.cli.detector import Detector, detector
from supervisor.cli.reading import judged_log, opened
from supervisor.cli.words import CommandError
from tests.cli.test_colour import Screen

ERROR = b"httpx.ReadTimeout: no answer\n"


@pytest.fixture
def used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern_cache: Path) -> Detector:
    monkeypatch.setenv("XDG_CACHE_HOME", str(pattern_cache))
    return detector("UTC")


def test_a_file(tmp_path: Path, used: Detector) -> None:
    """Times count from when it was written, unless another time is given."""
    path = tmp_path / "a.log"
    path.write_bytes(b"hello\n" + ERROR)
    os.utime(path, (1_770_000_000, 1_770_000_000))
    log = judged_log(str(path), used, None, live=False)
    assert (log.size_bytes, log.written_at, log.judged.lines) == (35, 1_770_000_000, 2)
    assert log.judged.verdict.error_class == "network"
    assert judged_log(str(path), used, 5.0, live=False).written_at == 5


def test_many_regions(tmp_path: Path, used: Detector) -> None:
    """Looked over by several processes, judged as one text."""
    path = tmp_path / "a.log"
    path.write_bytes(b"all is well\n" * 1_500_000 + ERROR)
    log = judged_log(str(path), used, None, live=False)
    assert log.judged.lines == 1_500_001
    assert log.judged.proof is not None
    assert log.judged.proof.from_end == 0


def test_a_pipe(tmp_path: Path, used: Detector) -> None:
    """What can be read only once is."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(ERROR,))
    writer.start()
    log = judged_log(str(path), used, 7.0, live=False)
    writer.join()
    assert (log.size_bytes, log.judged.lines) == (len(ERROR), 1)


def test_standard_input(
    used: Detector, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a terminal it says what it waits for."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ERROR)))
    assert judged_log("-", used, 1.0, live=False).judged.lines == 1
    screen = Screen()
    monkeypatch.setattr(screen, "buffer", io.BytesIO(), raising=False)
    monkeypatch.setattr(sys, "stdin", screen)
    opened("-")
    assert "Ctrl+D ends it" in capsys.readouterr().err


def test_what_cannot_be_read(tmp_path: Path, used: Detector) -> None:
    """A directory names the command that takes one."""
    with pytest.raises(CommandError, match="overnight rules coverage"):
        judged_log(str(tmp_path), used, None, live=False)
    with pytest.raises(CommandError, match="No such file"):
        judged_log(str(tmp_path / "none"), used, None, live=False)
