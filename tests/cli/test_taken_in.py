"""What stands in a batch for a run that somebody else started."""

import subprocess
from threading import Timer

import pytest

from supervisor.adapters.local.procfs import start_of
from supervisor.cli.taken_in import main


def test_it_ends_as_the_other_one_does(capfd: pytest.CaptureFixture[str]) -> None:
    child = subprocess.Popen(["sleep", "60"])
    start = start_of(child.pid)
    child.kill()
    argv = [f"--pid={child.pid}", f"--start={start}", "--", "sleep", "60"]
    # A process that has ended and waits for its parent is there all the same.
    reap = Timer(0.1, child.wait)
    reap.start()
    code = main(argv)
    reap.join()
    out, _ = capfd.readouterr()
    assert code in {137, 0}
    assert f"process {child.pid} has ended" in out


def test_one_that_is_gone_is_a_failure_that_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    assert main([f"--pid={2**22 + 1}", "--start=5", "python", "x.py"]) == 1
    assert "nothing is left to watch" in capfd.readouterr().err
