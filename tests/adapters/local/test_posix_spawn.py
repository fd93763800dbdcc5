"""Starting a process without the interpreter's lock."""

import os
import threading
from pathlib import Path

import pytest

from supervisor.adapters.local import posix_spawn

LOG = os.O_WRONLY | os.O_CREAT | os.O_APPEND


def run(script: str, out: Path, environment: dict[str, str]) -> int:
    pid = posix_spawn.start(
        ("/bin/sh", "-c", script), environment, [(0, os.devnull, os.O_RDONLY), (1, str(out), LOG)]
    )
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_hands_over_words_files_and_environment(tmp_path: Path) -> None:
    out = tmp_path / "out \udcff"
    assert run('echo "$A"; exit 3', out, {"A": "ü\udcfe=\n"}) == 3
    assert out.read_bytes() == b"\xc3\xbc\xfe=\n\n"
    assert out.stat().st_mode & 0o777 == 0o600


def test_gives_a_session_of_its_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("read -r stat </proc/$$/stat; set -- $stat; echo $1 $6", out, {}) == 0
    pid, session = out.read_text(encoding="ascii").split()
    assert pid == session


@pytest.mark.parametrize("text", ["a\0b", "\0"])
def test_refuses_a_nul(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="null"):
        run(text, tmp_path / "out", {})
    with pytest.raises(ValueError, match="null"):
        run("exit 0", tmp_path / "out", {"A": text})


@pytest.mark.parametrize("name", ["", "A=B"])
def test_refuses_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        run("exit 0", tmp_path / "out", {name: "x"})


def test_says_why_not(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        posix_spawn.start(("/no/such",), {}, [])
    with pytest.raises(FileNotFoundError):
        run("exit 0", tmp_path / "none" / "out", {})


def test_others_run_meanwhile(tmp_path: Path) -> None:
    """A start that waits for a reader of its log keeps nobody else waiting."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    starting = threading.Thread(target=run, args=("echo ready", pipe, {}))
    starting.start()
    assert pipe.read_bytes() == b"ready\n"
    starting.join()
