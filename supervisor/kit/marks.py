"""Word to the supervisor: how far this process is, what failed, what it waits for, what it has used.

A mark is a line of JSON in the file that ``OVERNIGHT_MARKS`` names; in a container, which has no
such file, it is a line on stdout after ``@overnight``. With no supervisor nothing is written.
``supervisor.core.marks`` reads them and says what each field means.
"""

import json
import os
import sys
import time
from collections.abc import Mapping

FILE = "OVERNIGHT_MARKS"
TASK = "OVERNIGHT_TASK"
WORD = "@overnight "

_ITEM = 200
_TEXT = 500
_MANY = 100_000
_SELDOM_S = 0.1
"""Beyond so many marks the counters are told ten times a second at most: the file stays small."""

_encode = json.JSONEncoder(separators=(",", ":")).encode


class Marks:
    """Writes marks; what cannot be written (a full disk) is dropped, and never stops the work.

    Several processes and threads of one attempt may write at the same time. ``environ`` is the
    environment of this process unless given.
    """

    __slots__ = ("_count", "_descriptor", "_path", "_said_at", "_torn", "dropped", "on_stdout")

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        environ = os.environ if environ is None else environ
        self._path = environ.get(FILE, "")
        self.on_stdout = not self._path and bool(environ.get(TASK))
        """They go to stdout, as text."""
        self.dropped = 0
        self._descriptor = -1
        self._count = 0
        self._said_at = 0.0
        self._torn = False

    @property
    def heard(self) -> bool:
        """Whether a supervisor reads them."""
        return bool(self._path) or self.on_stdout

    def progress(
        self, done: int, total: int | None = None, *, failed: int = 0, item: str | None = None
    ) -> None:
        """Tell how many items are done, of how many, how many failed, and which one is at work.

        ``total`` None: nobody knows.
        """
        if not self.heard:
            return
        self._count += 1
        if self._count > _MANY:
            now = time.monotonic()
            if now - self._said_at < _SELDOM_S and done != total:
                return
            self._said_at = now
        # In this order: the supervisor passes over many of them quickly. Put together by hand, for
        # it is written for each item.
        name = "" if item is None else f',"item":{_encode(item[:_ITEM])}'
        self._write(f'{{"done":{done},"errors":{failed},"total":{total or 0}{name}}}\n')

    def failed(self, item: str, error: str, error_class: str = "unknown") -> None:
        """Tell that an item failed, and why; one of the supervisor's words says of which kind."""
        self._say({"failed": item[:_ITEM], "class": error_class, "error": error[-_TEXT:]})

    def mended(self, item: str) -> None:
        """Tell that an item is well that had failed before."""
        self._say({"ok": item[:_ITEM]})

    def waiting(self, until: float, why: str, error_class: str = "") -> None:
        """Tell that this process waits until then (Unix seconds) for a limit; ``why`` is its proof.

        ``error_class`` (``rate_limit``, ``usage_window``) says that the time was stated: the limit of
        the task is held for all until then.
        """
        fields: dict[str, object] = {"waiting": why[:_TEXT] or "a limit", "until": until}
        self._say(fields | ({"class": error_class} if error_class else {}))

    def going_on(self) -> None:
        """Tell that the wait is over."""
        self._say({"waiting": None})

    def used(self, totals: Mapping[str, float]) -> None:
        """Tell what was used since this process began: ``tokens_in``, ``tokens_out``, ``cost`` …"""
        self._say(totals)

    def close(self) -> None:
        """Give the file back; a later mark opens it again."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _say(self, fields: Mapping[str, object]) -> None:
        if not self.heard:
            return
        self._write(_encode(fields) + "\n")

    def _write(self, line: str) -> None:
        try:
            if self.on_stdout:
                sys.stdout.write(WORD + line)
                sys.stdout.flush()
            else:
                self._append(line.encode())
        except (OSError, ValueError):
            # ValueError: stdout is closed.
            self.dropped += 1

    def _append(self, line: bytes) -> None:
        if self._descriptor < 0:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
            self._descriptor = os.open(self._path, flags, 0o600)
        if self._torn:
            line = b"\n" + line
        self._torn = True
        self._torn = os.write(self._descriptor, line) != len(line)
