"""The engine's process says what is wrong to whoever starts it by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

from supervisor.cli.engine import main


def test_without_a_launch_file_it_says_how_batches_are_started(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "supervisor.cli.engine", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "overnight run FILE" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_usage_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert "usage" in capsys.readouterr().err
