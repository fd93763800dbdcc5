"""``overnight logs`` reads files: no engine is needed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.core.models import TaskId
from supervisor.core.places import attempt_dir
from tests.cli.conftest import Place, Said, call
from tests.support import until_sync


@pytest.fixture
def state(place: Place) -> Path:
    return Path(place.ended().directory)


def write(state: Path, task: str, stream: str, data: bytes, attempt: int = 1) -> Path:
    directory = Path(attempt_dir(str(state), TaskId(task), attempt))
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{stream}.log").write_bytes(data)
    return directory


def end(directory: Path) -> None:
    (directory / "exit").write_text("exit=0".ljust(63) + "\n")


def test_both_streams_with_headings(state: Path) -> None:
    write(state, "g/a", "stdout", b"out\n")
    assert call("logs", "g/a").out == "out\n"
    write(state, "g/a", "stderr", b"err\n")
    assert call("logs", "a").out == "==> stdout.log <==\nout\n==> stderr.log <==\nerr\n"
    assert call("logs", "a", "--stderr").out == "err\n"


def test_nothing_reaches_the_terminal_but_text(state: Path) -> None:
    write(state, "g/a", "stdout", b"\x1b[31mred\x1b[0m\x07\n10%\r20%\r30%\nno end")
    assert call("logs", "a").out == "red\n30%\nno end\n"
    assert call("logs", "a", "--raw").out.startswith("\x1b[31mred")


def test_secrets_are_masked(state: Path) -> None:
    write(state, "g/a", "stderr", b"Authorization: Bearer abcdef0123456789abcdef\n")
    assert "abcdef" not in call("logs", "a").out
    assert "abcdef" in call("logs", "a", "--raw").out


def test_attempts_are_kept_apart(state: Path) -> None:
    write(state, "g/a", "stdout", b"first\n", attempt=1)
    write(state, "g/a", "stdout", b"second\n", attempt=2)
    assert call("logs", "a").out == "second\n"
    assert call("logs", "a", "--attempt", "1").out == "first\n"
    assert "there are 1, 2" in call("logs", "a", "--attempt", "3").err


def test_a_glob_prints_each_under_its_name(state: Path) -> None:
    write(state, "g/a", "stdout", b"one\n")
    write(state, "g/b", "stdout", b"two\n")
    assert call("logs", "g/*").out == "==> g/a <==\none\n==> g/b <==\ntwo\n"
    assert "follows one task" in call("logs", "g/*", "-f").err


@pytest.mark.parametrize(("count", "text"), [("2", "d\ne\n"), ("99", "a\nb\nc\nd\ne\n"), ("0", "")])
def test_the_last_lines(state: Path, count: str, text: str) -> None:
    write(state, "g/a", "stdout", b"a\nb\nc\nd\ne\n")
    assert call("logs", "a", "-n", count).out == text


def test_the_last_lines_of_a_large_file(state: Path) -> None:
    write(state, "g/a", "stdout", b"".join(b"line %d\n" % number for number in range(100_000)))
    assert call("logs", "a", "-n", "2").out == "line 99998\nline 99999\n"


def test_json_says_where_they_lie(state: Path) -> None:
    directory = write(state, "g/a", "stdout", b"abc")
    end(directory)
    (document,) = json.loads(call("logs", "a", "--json").out)
    assert document["task"] == "g/a"
    assert document["attempt"] == 1
    assert document["over"]
    assert document["stdout"] == {"path": f"{directory}/stdout.log", "bytes": 3}


def test_unknown_ones(state: Path) -> None:
    assert "has begun" in call("logs", "g/a").err
    assert call("logs").code == 1


FOLLOW = "import sys; from supervisor.cli.main import main; sys.exit(main())"


def test_follow_prints_what_comes_and_ends_with_the_attempt(state: Path, tmp_path: Path) -> None:
    directory = write(state, "g/a", "stdout", b"one\n")
    heard = tmp_path / "heard"
    with (
        heard.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-c", FOLLOW, "logs", "a", "-f"],
            stdout=out,
            env={"PYTHONPATH": str(Path(__file__).parents[2]), "HOME": str(Path.home())},
        ) as following,
    ):
        until_sync(lambda: b"one" in heard.read_bytes())
        with (directory / "stdout.log").open("ab") as log:
            log.write(b"two\nthr")
        until_sync(lambda: b"two" in heard.read_bytes())
        (directory / "stderr.log").write_bytes(b"oops\n")
        until_sync(lambda: b"oops" in heard.read_bytes())
        end(directory)
        assert following.wait(20) == 0
    text = heard.read_text()
    assert text.startswith("==> stdout.log <==\none\ntwo\n==> stderr.log <==\noops\n")
    assert text.endswith("thr\n")


def test_follow_goes_on_with_the_next_attempt(state: Path) -> None:
    end(write(state, "g/a", "stdout", b"first\n", attempt=1))
    end(write(state, "g/a", "stdout", b"second\n", attempt=2))
    assert call("logs", "a", "-f", "--attempt", "1", "--stdout").out == "first\n"
    assert call("logs", "a", "-f", "--stdout").out == "second\n"


def test_follow_starts_again_in_a_file_that_shrank(state: Path) -> None:
    directory = write(state, "g/a", "stdout", b"x\n")
    end(directory)
    said: Said = call("logs", "a", "-f", "-n", "1", "--stdout")
    assert said.out == "x\n"
