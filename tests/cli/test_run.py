"""``overnight run`` with a real engine."""

import json
import os
import signal
import time
from collections.abc import Generator
from pathlib import Path

import pytest

from supervisor.cli.batches import Entry, at_directory, is_still_running
from supervisor.cli.commands import BY_NAME
from supervisor.cli.run import options_of
from supervisor.cli.words import Args, CommandError, parsed
from supervisor.core.options import RunOptions
from tests.cli.conftest import Place, call

NIGHT = """\
retry: {attempts: 2, base: 100ms, factor: 1, cap: 1s, jitter: 0s..10ms}
run: "%s"
for: {n: ["1", "2"]}
id: "t{n}"
"""


@pytest.fixture
def batch(place: Place) -> Generator[Path]:
    """Give the path for a batch file; its engine is ended afterwards."""
    path = place.path / "night.yaml"
    path.write_text(NIGHT % "true")
    yield path
    entry = at_directory(str(place.path / ".overnight/night"))
    if entry is not None and is_still_running(entry):
        os.kill(entry.pid, signal.SIGKILL)
        call("stop", "night")


def engine(place: Place) -> Entry:
    entry = at_directory(str(place.path / ".overnight/night"))
    assert entry is not None
    return entry


def test_to_the_end_and_again(place: Place, batch: Path) -> None:
    said = call("run", "night.yaml", "--headless")
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines()[-1] == "night: 2 of 2 tasks succeeded"
    assert not is_still_running(engine(place))
    again = call("run", "night.yaml")
    assert again.code == 0
    assert "nothing to do" in again.out


def test_failures_are_skipped_unless_asked_for(place: Place, batch: Path) -> None:
    batch.write_text(NIGHT % "test -e cured")
    assert call("run", "night.yaml", "--headless").code == 1
    said = call("run", "night.yaml", "--headless")
    assert said.code == 1
    assert "--retry-errors" in said.out
    (place.path / "cured").touch()
    assert call("run", "night.yaml", "--headless", "--retry-errors").code == 0


def test_detached_it_is_found_and_stopped(place: Place, batch: Path) -> None:
    batch.write_text(NIGHT % "sleep 600")
    said = call("run", "night.yaml", "--detach")
    assert said.code == 0
    assert f"pid {engine(place).pid}" in said.out
    assert json.loads(call("status", "--json").out)["state"] == "running"
    second = call("run", "night.yaml", "--detach")
    assert second.code == 1
    assert "overnight attach" in second.err
    assert call("stop").code == 0
    assert not is_still_running(engine(place))
    assert call("wait").code == 130
    status = call("status").out.splitlines()
    assert status[:2] == ["night  stopped  0/2 done", "engine not running"]


def test_a_limit_that_holds_too_long(place: Place, batch: Path) -> None:
    batch.write_text(NIGHT % "echo 'Error code: 429 - Please try again in 2h' >&2; exit 1")
    said = call("run", "night.yaml", "--headless", "--max-wait", "1h")
    assert said.code == 2, said.out
    assert "nothing can run within 1h00m: stopping" in said.out
    assert call("wait").code == 130
    assert call("run", "night.yaml", "--headless", "--max-wait", "0").code == 2


def test_a_changed_command_of_a_finished_task_is_refused(place: Place, batch: Path) -> None:
    assert call("run", "night.yaml", "--headless").code == 0
    batch.write_text(NIGHT % "true && true")
    said = call("run", "night.yaml", "--headless")
    assert said.code == 1
    assert "--keep" in said.err
    assert call("run", "night.yaml", "--headless", "--keep").code == 0


def test_one_line_without_a_file(place: Place) -> None:
    said = call("run", "--headless", "-j2", "--", "echo", "{}", ":::", "a", "b")
    assert said.code == 0, said.err
    assert "2 of 2 tasks succeeded" in said.out


def test_wrong_files_exit_1(place: Place) -> None:
    (place.path / "wrong.yaml").write_text("rnu: true\n")
    said = call("run", "wrong.yaml")
    assert said.code == 1
    assert "wrong.yaml:1" in said.err
    assert call("run", "missing.yaml").code == 1


def flags(*words: str) -> Args:
    return parsed(list(words), BY_NAME["run"].flags)


def test_flags_become_options() -> None:
    options = options_of(flags("--retry-errors", "--filter", "g/*", "-j3", "--force"))
    assert options.retry_errors
    assert options.force
    assert (options.filter, options.parallel, options.changed) == ("g/*", 3, "force")
    assert options_of(flags("--keep")).changed == "keep"
    assert options_of(flags("--moved")).moved == "moved"
    assert options_of(flags("--copied")).moved == "copied"
    assert options_of(flags("--yes")).missing_env_ok
    assert options_of(flags()).changed == "ask"


@pytest.mark.parametrize(
    "words",
    [
        "--headless --detach",
        "--keep --force",
        "--moved --copied",
        "-j0",
        "-jx",
        "--sample 1",
        "--sample 0%",
        "--sample 101%",
    ],
)
def test_flags_that_cannot_be(words: str) -> None:
    with pytest.raises(CommandError):
        options_of(flags(*words.split()))


def test_a_sample_is_a_share() -> None:
    assert options_of(flags("--sample", "2.5%", "--fail-fast")) == RunOptions(
        sample=0.025, fail_fast=True
    )
    assert options_of(flags()).sample is None


def test_a_sample_stops_at_a_failure_and_tells_how_the_rest_runs(place: Place, batch: Path) -> None:
    batch.write_text("parallel: 1\nretry: {attempts: 1}\n" + NIGHT.partition("\n")[2] % "exit {n}")
    said = call("run", "night.yaml", "--headless", "--sample", "100%")
    assert said.code == 1
    assert "a sample of 2 tasks out of 2, until the first failure" in said.out
    assert "1 failed (unknown 1), 1 aborted" in said.out
    assert said.out.rstrip().endswith("with --retry-errors also what failed or was aborted")
    batch.write_text(NIGHT % "true")
    said = call("run", "night.yaml", "--headless", "--retry-errors", "--sample", "100%")
    assert f"the sample succeeded; the rest: overnight run {batch}" in said.out


def test_how_long_to_wait_is_a_duration(place: Place, batch: Path) -> None:
    said = call("run", "night.yaml", "--max-wait", "soon")
    assert said.code == 1
    assert "--max-wait: 'soon' is no duration" in said.err


def test_until_is_a_time_of_day_in_the_batchs_zone(place: Place, batch: Path) -> None:
    assert "write it like 06:00" in call("run", "night.yaml", "--until", "7").err
    assert not (place.path / ".overnight").exists()
    said = call("run", "night.yaml", "--until", "00:00", "--headless")
    assert said.code == 0
    assert said.out.startswith("launches for another ")
    options = json.loads((place.path / ".overnight/night/launch.json").read_text())["options"]
    assert 0 < options["until"] - time.time() <= 90000


def test_hours_that_are_closed_launch_nothing(place: Place, batch: Path) -> None:
    closed = time.gmtime(time.time() + 7200)
    later = time.gmtime(time.time() + 10800)
    hours = f"{closed.tm_hour:02}:{closed.tm_min:02}-{later.tm_hour:02}:{later.tm_min:02}"
    batch.write_text(f"timezone: UTC\nhours: {hours}\n" + NIGHT % "true")
    said = call("run", "night.yaml", "--headless", "--max-wait", "1h")
    assert said.code == 2
    assert "2 unfinished" in said.out
