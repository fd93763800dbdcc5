"""A program in a pseudo-terminal: when does it paint, and how soon after a key?"""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

_ANSWERS = {
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[6n": b"\x1b[1;1R",
}
"""What a common terminal says when it is asked."""


class Terminal:
    """One program in a pseudo-terminal, and everything it has written so far."""

    def __init__(self, fd: int, pid: int) -> None:
        self.fd = fd
        self.pid = pid
        self.began = time.perf_counter()
        self.written = bytearray()
        self.code: int | None = None

    def read(self, timeout_s: float) -> bool:
        """Take in what comes within ``timeout_s``; tell whether anything came."""
        if not select.select([self.fd], [], [], timeout_s)[0]:
            return False
        try:
            data = os.read(self.fd, 1 << 16)
        except OSError:  # the program closed the terminal
            return False
        self.written += data
        for question, answer in _ANSWERS.items():
            if question in data:
                os.write(self.fd, answer)
        return bool(data)

    def wait_for(self, text: bytes, timeout_s: float = 30.0) -> float:
        """Return the seconds from the program's start until ``text`` was written."""
        deadline = time.perf_counter() + timeout_s
        while text not in self.written:
            if time.perf_counter() > deadline:
                raise TimeoutError(f"{text!r} never came: {bytes(self.written[-600:])!r}")
            self.read(0.5)
        return time.perf_counter() - self.began

    def settle(self, still_s: float = 0.4) -> None:
        """Return once nothing has been written for ``still_s``."""
        while self.read(still_s):
            pass

    def hang_up(self) -> None:
        """Close the terminal, as a dropped connection does; the program gets SIGHUP."""
        os.close(self.fd)
        self.fd = -1

    def exit_code(self, timeout_s: float = 20.0) -> int:
        """Read to the end of the program and return its exit status."""
        deadline = time.perf_counter() + timeout_s
        while time.perf_counter() < deadline:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
                return self.code
        raise TimeoutError(f"it did not end: {bytes(self.written[-600:])!r}")

    def send(self, keys: bytes) -> None:
        """Send keys, whether they are answered or not."""
        os.write(self.fd, keys)

    def press(self, key: bytes, timeout_s: float = 2.0) -> float:
        """Send a key and return the seconds until the first byte of its answer."""
        began = time.perf_counter()
        os.write(self.fd, key)
        if not self.read(timeout_s):
            raise TimeoutError(f"no answer to {key!r}")
        return time.perf_counter() - began


@contextmanager
def terminal(
    argv: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    size: tuple[int, int] = (120, 40),
) -> Generator[Terminal]:
    """Run a program in a pseudo-terminal of ``size`` (columns, lines); end it on leaving."""
    columns, lines = size
    pid, fd = pty.fork()
    if pid == 0:
        os.chdir(cwd)
        os.execvpe(
            argv[0],
            list(argv),
            {**environment, "TERM": "xterm-256color", "COLUMNS": f"{columns}", "LINES": f"{lines}"},
        )
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    ui = Terminal(fd, pid)
    try:
        yield ui
    finally:
        if ui.code is None:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        if ui.fd >= 0:
            os.close(fd)
