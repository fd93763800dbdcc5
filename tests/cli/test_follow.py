"""Following over the socket, and what is said when the engine dies."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.cli import batches
from supervisor.cli.batches import at_directory
from supervisor.cli.follow import await_end, follow
from supervisor.cli.words import CommandError
from tests.cli.conftest import Place, call


def test_a_gone_engine_says_the_way_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "SILENT_S", 0.1)
    entry = at_directory(place.running().directory)
    assert entry is not None
    with pytest.raises(CommandError, match=r"what runs, runs on\. overnight run .*night\.yaml"):
        follow(entry)


def test_an_engine_that_stays_is_not_waited_for_long(place: Place) -> None:
    entry = at_directory(place.running().directory)
    assert entry is not None
    await_end(entry, 0.05)
    place.processes[0].kill()
    place.processes[0].wait()
    await_end(entry)


def test_a_killed_engine_ends_the_follower(place: Place) -> None:
    (place.path / "night.yaml").write_text("run: sleep 600\n")
    assert call("run", "night.yaml", "--detach").code == 0
    entry = at_directory(str(place.path / ".overnight/night"))
    assert entry is not None
    script = "import sys; from supervisor.cli.main import main; sys.exit(main())"
    with subprocess.Popen(
        [sys.executable, "-c", script, "attach"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    ) as watching:
        assert watching.stdout is not None
        assert watching.stderr is not None
        while "running 1" not in (line := watching.stdout.readline()):
            assert line, "it ended before the task ran"
        os.kill(entry.pid, signal.SIGKILL)
        assert watching.wait(20) == 1
        assert "the engine is gone" in watching.stderr.read()
    assert call("run", "night.yaml", "--detach").code == 0
    assert call("stop").code == 0
