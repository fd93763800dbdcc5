"""The shim on every shell it must work on."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.local import records
from supervisor.adapters.local.procfs import boot_id
from supervisor.adapters.local.records import Claimed, Torn
from tests.adapters.local.shells import SHELLS, Shimmed, start
from tests.support import until_sync


@pytest.fixture(params=list(SHELLS))
def shell(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("code", [0, 1, 3, 125, 255])
def test_records_the_exit_code(shell: str, tmp_path: Path, code: int) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", f"exit {code}"])
    assert (ran.wait(), ran.code) == (code, code)
    assert (tmp_path / "exit").stat().st_size == 64
    assert ran.err == b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT, signal.SIGSEGV])
def test_records_a_signal_without_noise(shell: str, tmp_path: Path, number: signal.Signals) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", f"kill -{number.value} $$; sleep 9"])
    assert (ran.wait(), ran.code) == (128 + number, 128 + number)
    assert ran.err == b""


def test_says_which_command_is_missing(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["no-such-command", "x"])
    assert (ran.wait(), ran.code) == (127, 127)
    assert b"no-such-command" in ran.err


def test_says_which_file_is_no_program(shell: str, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("", encoding="ascii")
    ran = start(shell, tmp_path, [str(tmp_path / "plain")])
    assert (ran.wait(), ran.code) == (126, 126)
    assert b"plain" in ran.err


def test_says_which_directory_is_missing(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["true"], cwd="/no/such/directory")
    assert (ran.wait(), ran.code) == (126, 126)
    assert b"/no/such/directory" in ran.err


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_outlives_a_signal_to_the_whole_session(
    shell: str, tmp_path: Path, number: signal.Signals
) -> None:
    """Such as Ctrl+C: the command hears it, and the shim still records what came of it."""
    script = f"""
import os, signal, sys
signal.signal({number.value}, lambda *_: (os.write(1, b"heard\\n"), sys.exit(9)))
os.write(1, b"ready\\n")
while True:
    signal.pause()
"""
    ran = start(shell, tmp_path, [sys.executable, "-S", "-c", script])
    until_sync(lambda: ran.out == b"ready\n")
    os.killpg(ran.process.pid, number)
    assert (ran.wait(), ran.code) == (9, 9)
    assert ran.out == b"ready\nheard\n"
    assert ran.err == b""


def test_outlives_a_signal_to_itself(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "echo ready; sleep 0.3; exit 4"])
    until_sync(lambda: ran.out == b"ready\n")
    ran.process.terminate()
    assert (ran.wait(), ran.code) == (4, 4)


def test_records_the_end_not_a_stop(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "echo $$; kill -STOP $$; exit 5"])
    until_sync(lambda: ran.out)
    pid = int(ran.out)
    until_sync(lambda: b") T " in Path(f"/proc/{pid}/stat").read_bytes())
    assert ran.process.poll() is None
    os.kill(pid, signal.SIGCONT)
    assert (ran.wait(), ran.code) == (5, 5)


def test_claims_with_its_own_identity(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "echo ready; exec sleep 100"])
    until_sync(lambda: ran.out)
    claim = records.read_claim(str(tmp_path))
    assert isinstance(claim, Claimed)
    assert claim.shim.pid == ran.process.pid
    assert claim.boot_id == boot_id()
    os.killpg(ran.process.pid, signal.SIGTERM)
    assert ran.wait() == 143


def test_runs_nothing_when_somebody_else_claimed(shell: str, tmp_path: Path) -> None:
    records.bury(str(tmp_path))
    ran = start(shell, tmp_path, ["sh", "-c", "echo ran"])
    assert ran.wait() == 125
    assert (ran.out, ran.err, ran.code) == (b"", b"", None)


def test_hands_on_a_clean_process(shell: str, tmp_path: Path) -> None:
    """Directory, limits, umask and variables are as asked; no descriptor of the shim leaks."""
    script = (
        "pwd; umask; ulimit -Sn; cat /proc/self/oom_score_adj; echo /proc/self/fd/*; "
        "env | grep -ic -e ovn -e OLDPWD; echo $a$t$n"
    )
    inherited = {"a": "1", "t": "2", "n": "3"}
    oom = int(Path("/proc/self/oom_score_adj").read_text(encoding="ascii"))
    ran = start(
        shell,
        tmp_path,
        ["sh", "-c", script],
        cwd="/usr",
        env=inherited,
        nofile_soft=77,
        oom_score_adj=oom + 1,
        umask="0027",
    )
    assert ran.wait() == 0
    lines = ran.out.decode("ascii").splitlines()
    assert lines[:4] == ["/usr", "0027", "77", str(oom + 1)]
    assert set(lines[4].split()) <= {f"/proc/self/fd/{number}" for number in (0, 1, 2, 3)}
    assert lines[5:] == ["0", "123"]
    assert ran.err == b""


def test_leaves_limits_alone_when_not_told(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "ulimit -Sn"])
    assert ran.wait() == 0
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert ran.out.strip() in (str(soft).encode(), b"unlimited")


def test_keeps_its_files_private(shell: str, tmp_path: Path) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "touch made"], cwd=str(tmp_path))
    assert ran.wait() == 0
    assert (tmp_path / "started").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("options", ["errexit", "nounset"])
def test_is_not_misled_by_shell_options_in_the_environment(
    shell: str, tmp_path: Path, options: str
) -> None:
    ran = start(shell, tmp_path, ["sh", "-c", "exit 3"], env={"SHELLOPTS": options})
    assert (ran.wait(), ran.code) == (3, 3)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    directory = tmp_path / "disk"
    directory.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=64", "tmpfs", str(directory)], check=True
    )
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)


@pytest.mark.mount
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_records_on_a_full_disk(shell: str, small_disk: Path) -> None:
    script = f"echo ready; cat {small_disk}/../go; exit 3"
    os.mkfifo(small_disk.parent / "go")
    ran = start(shell, small_disk, ["sh", "-c", script])
    until_sync(lambda: ran.out == b"ready\n")
    _fill(small_disk)
    (small_disk.parent / "go").write_bytes(b"")
    assert (ran.wait(), ran.code) == (3, 3)


@pytest.mark.mount
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount")
def test_runs_nothing_when_the_claim_does_not_fit(shell: str, small_disk: Path) -> None:
    (small_disk / "stderr.log").touch()
    records.make_blank(str(small_disk), flush=False)
    _fill(small_disk)
    ran: Shimmed = start(shell, small_disk, ["sh", "-c", f"touch {small_disk.parent}/ran"])
    assert ran.wait() == 125
    assert isinstance(records.read_claim(str(small_disk)), Torn)
    assert not (small_disk.parent / "ran").exists()
    assert ran.code is None


def _fill(directory: Path) -> None:
    with (directory / "filler").open("wb", buffering=0) as filler:
        for size in (4096, 1):
            while True:
                try:
                    filler.write(bytes(size))
                except OSError:
                    break
