"""Bytes as a process writes them → whole, clean lines that a person would see."""

import re
from collections.abc import Callable, Iterator

LONGEST = 1 << 20
"""A line beyond this many bytes keeps its head; a notice says how much was dropped."""

_ESCAPES = re.compile(
    rb"\x1b(?:"
    rb"\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    rb"|[\]P_^X][^\x07\x1b\n]*(?:\x07|\x1b\\)?"  # OSC, DCS, APC, PM, SOS with their text
    rb"|[ -/]*[0-~]?"  # two-byte escapes, and one cut off by the line's end
    rb")"
)
CONTROLS = bytes(set(range(32)) - {0x09, 0x0A}) + b"\x7f"
"""What a clean block has none of."""
_ALL_CONTROLS = tuple(bytes([byte]) for byte in CONTROLS)
_SHORT = 4096
"""Below this many bytes 32 searches cost more than one pass that copies."""
_DROPPED = CONTROLS.replace(b"\r", b"")
_ESCAPE = b"\x1b"
# Letters beyond ASCII begin with these bytes; frames and arrows (0xe2) are no letters.
_WORD = re.compile(rb"[A-Za-z0-9\xc3-\xe1\xe3-\xff]")
_LOOKED_AT = 4096
"""Bytes at the end of a block that are looked at for its last words."""
_PROGRESS = 4096
r"""From here on what ``\r`` overwrote is dropped even before the line ends."""


def count_lines(block: bytes) -> int:
    r"""Return the number of ``\n``; more than twice as fast as ``count`` before Python 3.13."""
    return len(block) - len(block.replace(b"\n", b""))


def has_controls(block: bytes) -> bool:
    """Tell whether there is anything for ``clean`` to do; twice as fast as cleaning."""
    if len(block) < _SHORT:
        return len(block.translate(None, CONTROLS)) != len(block)
    return any(control in block for control in _ALL_CONTROLS)


def clean(block: bytes) -> bytes:
    r"""Return the same lines as a terminal would leave them; the number of ``\n`` stays.

    Escape sequences and control characters go; of text overwritten by ``\r`` the last part that
    says anything stays.
    """
    if _ESCAPE in block:
        block = _ESCAPES.sub(b"", block)
    block = block.translate(None, _DROPPED)
    if b"\r" not in block:
        return block
    block = block.replace(b"\r\n", b"\n")
    if b"\r" not in block:
        return block
    return b"".join(_without_overwritten(block))


def last_words(block: bytes) -> bytes:
    """Return the last line of a clean block in which there is a letter or a digit."""
    for line in reversed(block[-_LOOKED_AT:].rstrip().split(b"\n")):
        if _WORD.search(line):
            return line
    return b""


def has_words(block: bytes) -> bool:
    """Tell whether there are last words; thirty times as fast as finding them."""
    return _WORD.search(block, max(0, len(block) - _LOOKED_AT)) is not None


class LineReader:
    """Joins the chunks of one file into blocks of whole lines; remembers only the unfinished one."""

    __slots__ = ("_dropped", "_has_controls", "_pending", "skipped")

    def __init__(self, has_controls: Callable[[bytes], bool] = has_controls) -> None:
        self._pending = bytearray()
        self._dropped = 0
        self._has_controls = has_controls
        self.skipped = 0
        """Bytes of over-long lines that were passed over; only ever grows."""

    @property
    def pending(self) -> int:
        """How many bytes of the file belong to the line that has no end yet."""
        return len(self._pending) + self._dropped

    def feed(self, data: bytes) -> bytes:
        r"""Take the next bytes; return all lines they complete, clean, each with its ``\n``."""
        end = data.rfind(b"\n") + 1
        if not end:
            self._keep(data)
            return b""
        if len(self._pending) + len(data) <= LONGEST and not self._dropped:
            block = b"".join((self._pending, memoryview(data)[:end]))
            self._pending.clear()
        elif self.pending:
            first = data.find(b"\n") + 1
            block = self._finished(data[: first - 1]) + self._bounded(data[first:end])
        else:
            block = self._bounded(data[:end])
        self._keep(data[end:])
        return self._clean(block)

    def flush(self) -> bytes:
        r"""Return the unfinished line as if it had ended, or nothing; it is forgotten."""
        return self._clean(self._finished(b"")) if self.pending else b""

    def _clean(self, block: bytes) -> bytes:
        return clean(block) if self._has_controls(block) else block

    def _keep(self, data: bytes) -> None:
        room = LONGEST - len(self._pending)
        self._pending += data[:room]
        self._drop(len(data) - room)
        # A progress bar that never ends its line would otherwise fill the memory in a night.
        if b"\r" in data and (last := self._pending.rfind(b"\r", 0, -1)) > _PROGRESS:
            del self._pending[: self._pending.rfind(b"\r", 0, last) + 1]

    def _finished(self, rest: bytes) -> bytes:
        """Return the pending line, completed by ``rest``, with its newline."""
        room = LONGEST - len(self._pending)
        self._drop(len(rest) - room)
        line, dropped = bytes(self._pending) + rest[:room], self._dropped
        self._pending.clear()
        self._dropped = 0
        return (_with_notice(line, dropped) if dropped else line) + b"\n"

    def _drop(self, size: int) -> None:
        if size > 0:
            self._dropped += size
            self.skipped += size

    def _bounded(self, block: bytes) -> bytes:
        """Cut over-long lines of a block that arrived in one piece."""
        if len(block) <= LONGEST:
            return block
        return b"\n".join(map(self._cut, block.split(b"\n")))

    def _cut(self, line: bytes) -> bytes:
        dropped = len(line) - LONGEST
        if dropped <= 0:
            return line
        self.skipped += dropped
        return _with_notice(line[:LONGEST], dropped)


def _with_notice(head: bytes, dropped: int) -> bytes:
    # A character cut in half would show as garbage: its first bytes go too.
    tail = head[-3:].decode("utf-8", "ignore").encode() if head[-1:] >= b"\x80" else head[-3:]
    return head[:-3] + tail + b" [overnight: %d more bytes of this line were skipped]" % dropped


def _without_overwritten(block: bytes) -> Iterator[bytes]:
    done, place = 0, block.find(b"\r")
    while place >= 0:
        start = block.rfind(b"\n", done, place) + 1 or done
        stop = block.find(b"\n", place)
        stop = len(block) if stop < 0 else stop
        yield block[done:start]
        yield _last_segment(block[start:stop])
        done, place = stop, block.find(b"\r", stop)
    yield block[done:]


def _last_segment(line: bytes) -> bytes:
    return next((part for part in reversed(line.split(b"\r")) if part.strip()), b"")
