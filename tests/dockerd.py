"""A container engine of a test's own, to be stopped, frozen and killed; needs root."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from supervisor.adapters.docker.place import Place
from tests.containers import IMAGE, ensure_image
from tests.support import until_sync


class Dockerd:
    """A private dockerd with the test image, no network, and no influence on the machine's own."""

    def __init__(self, folder: Path, *, live_restore: bool) -> None:
        self.folder = folder
        self.host = f"unix://{folder}/docker.sock"
        self.place = Place(url=self.host, said_by="the test")
        # In a network of its own: without a bridge dockerd removes the machine's docker0, and the
        # containers of the machine's own engine would lose theirs.
        self._words = [
            *(
                "unshare",
                "--net",
                "--",
                "dockerd",
                "-H",
                self.host,
                "--data-root",
                f"{folder}/data",
            ),
            *("--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid"),
            *("--bridge=none", "--iptables=false", "--storage-driver=vfs", "--shutdown-timeout=3"),
            *(["--live-restore"] if live_restore else []),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, and return once it answers."""
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._words, stdout=log, stderr=log)
        until_sync(self.answers, timeout_s=60.0)

    def stop(self) -> None:
        """End it in good order."""
        assert self._process is not None
        self._process.terminate()
        self._process.wait(timeout=60)

    def kill(self) -> None:
        """End it as a crash would."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(timeout=60)
        # Its containerd dies with it. Where the machine's init reaps nobody, the next dockerd would
        # take the dead one's pid for a living one.
        for name in ("containerd.pid", "containerd.sock", "containerd.sock.ttrpc"):
            (self.folder / "exec" / "containerd" / name).unlink(missing_ok=True)

    def freeze(self) -> None:
        """Let it hang."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def answers(self) -> bool:
        """Tell whether it answers."""
        return self.ask("version").returncode == 0

    def ask(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Ask it by Docker's own command line."""
        command = ["docker", "-H", self.host, *words]
        return subprocess.run(command, capture_output=True, text=True)

    def containers(self) -> list[str]:
        """Return the ids of all its containers."""
        return self.ask("ps", "-aq").stdout.split()

    def close(self) -> None:
        """End it and everything that it runs."""
        if self._process is not None and self._process.poll() is None:
            self.thaw()
            for container in self.containers():
                self.ask("rm", "-f", container)
            self.stop()
        for pid in _processes_of(self.folder):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def private_dockerd(*, live_restore: bool = False) -> Iterator[Dockerd]:
    """Yield an engine that answers and has the test image; nothing of it is left afterwards."""
    if os.getuid() != 0:
        pytest.skip("a container engine of one's own needs root")
    if shutil.which("dockerd") is None:
        pytest.skip("dockerd is not installed")
    if subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode:
        pytest.skip("a network of one's own cannot be made here")
    ensure_image()
    # A socket's path must be short, and pytest's folders are not.
    folder = Path(tempfile.mkdtemp(prefix="ovd-", dir="/tmp"))
    one = Dockerd(folder, live_restore=live_restore)
    try:
        one.start()
        saved = subprocess.run(["docker", "save", IMAGE], capture_output=True, check=True)
        subprocess.run(
            ["docker", "-H", one.host, "load"], input=saved.stdout, check=True, capture_output=True
        )
        yield one
    finally:
        one.close()
        for mount in reversed(_mounts_below(folder)):
            subprocess.run(["umount", "-l", mount], capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def _processes_of(folder: Path) -> list[int]:
    """Return the shims that name the folder, and what runs below them."""
    parents: dict[int, int] = {}
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError, IndexError):
                parents[int(entry.name)] = int(
                    (entry / "stat").read_text().rpartition(")")[2].split()[1]
                )
                if str(folder).encode() in (entry / "cmdline").read_bytes():
                    found.append(int(entry.name))
    for shim in tuple(found):
        found += [pid for pid, parent in parents.items() if parent == shim]
    return [pid for pid in found if pid != os.getpid()]


def _mounts_below(folder: Path) -> list[str]:
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = (line.split()[4] for line in lines)
    return [point for point in points if point.startswith(f"{folder}/")]
