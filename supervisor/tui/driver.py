"""The terminal as Textual drives it, with what a night over a bad line needs besides."""

import os
import signal
import termios
from contextlib import suppress

from textual.drivers.linux_driver import LinuxDriver
from typing_extensions import override

RESTORE = "".join(
    (
        "\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l",  # no mouse
        "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[?7h",  # no paste marks, focus or size reports; wrap
        "\x1b[<u\x1b[?1049l\x1b[?25h\x1b[m",  # plain keys, the shell's screen, its cursor
    )
)
"""What brings a terminal back whatever was switched on in it."""


class SteadyDriver(LinuxDriver):
    """Outlives bytes that are no text; ends with its terminal; leaves nothing switched on."""

    _suspended = False

    @override
    def run_input_thread(self) -> None:
        """Read keys; bytes in another encoding are dropped, and reading goes on."""
        while True:
            try:
                super().run_input_thread()
            except UnicodeDecodeError:
                continue
            return

    def hang_up(self) -> None:
        """End this process at once, the terminal restored as far as it is still there."""
        with suppress(OSError):
            os.write(self.fileno, RESTORE.encode())
        if self.attrs_before is not None:
            with suppress(termios.error):
                termios.tcsetattr(self.fileno, termios.TCSANOW, self.attrs_before)
        os._exit(128 + signal.SIGHUP)

    @override
    def suspend_application_mode(self) -> None:
        self._suspended = True
        super().suspend_application_mode()

    @override
    def resume_application_mode(self) -> None:
        self._suspended = False
        super().resume_application_mode()

    @override
    def _sigcont_application(self, *_: object) -> None:
        """Come back; who was stopped without a chance to tidy up does so now, and begins anew."""
        if not self._auto_restart:
            return  # a pager or editor has the terminal
        if self._suspended:
            self.resume_application_mode()
        else:
            self._app.call_later(self._begin_anew)

    def _begin_anew(self) -> None:
        self.suspend_application_mode()
        self._must_signal_resume = True
        self.resume_application_mode()
