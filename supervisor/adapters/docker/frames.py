"""Takes an engine's log stream apart: whose bytes, written when.

Format: Docker Engine API, "Stream format" of container attach: one byte for the stream, three of
nothing, four for the length, then the payload; with ``timestamps`` each payload begins with an
RFC 3339 time and a space.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

_HEADER = 8


@dataclass(frozen=True, slots=True)
class Frame:
    """Bytes that a container wrote at ``at``, as ``since`` takes it: seconds and nanoseconds."""

    at: str
    data: bytes


@dataclass(slots=True)
class Frames:
    """Whole frames out of bytes that come in pieces; what is cut off in the end never comes out."""

    _rest: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take more of the stream in; yield the frames that are whole now."""
        self._rest += data
        begin = 0
        while len(self._rest) - begin >= _HEADER:
            length = int.from_bytes(self._rest[begin + 4 : begin + _HEADER], "big")
            end = begin + _HEADER + length
            if len(self._rest) < end:
                break
            stamp, _, written = bytes(self._rest[begin + _HEADER : end]).partition(b" ")
            yield Frame(since(stamp.decode("ascii", "replace")), written)
            begin = end
        del self._rest[:begin]


def since(stamp: str) -> str:
    """Return an RFC 3339 time as the engine's own parameter ``since`` wants it, to the nanosecond."""
    whole, dot, rest = stamp.partition(".")
    digits = "".join(_leading_digits(rest)) if dot else ""
    zone = rest[len(digits) :] if dot else ""
    seconds = int(datetime.fromisoformat(whole + zone).timestamp())
    return f"{seconds}.{digits:0<9.9}"


def _leading_digits(text: str) -> str:
    return text[: len(text) - len(text.lstrip("0123456789"))]
