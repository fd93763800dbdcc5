"""An engine's log stream, in pieces of any size."""

import pytest

from supervisor.adapters.docker.frames import Frame, Frames, since
from tests.fakes.daemon import frame


@pytest.mark.parametrize("size", [1, 3, 7, 8, 9, 1000])
def test_frames_come_out_whole_however_they_are_cut(size: int) -> None:
    stream = b"".join(frame("stdout", 1_000_000.5, text) for text in (b"one\n", b"", b"x " * 20))
    frames = Frames()
    found = [
        one for at in range(0, len(stream), size) for one in frames.feed(stream[at : at + size])
    ]
    assert found == [Frame("1000000.500000000", text) for text in (b"one\n", b"", b"x " * 20)]


def test_what_is_cut_off_does_not_come_out() -> None:
    assert list(Frames().feed(frame("stderr", 1.0, b"whole") + b"\x01\0\0")) == [
        Frame("1.000000000", b"whole")
    ]


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("1970-01-01T00:00:01.000000009Z", "1.000000009"),
        ("1970-01-01T00:00:01.5Z", "1.500000000"),
        ("1970-01-01T01:00:01.123456789+01:00", "1.123456789"),
        ("1970-01-01T00:00:02Z", "2.000000000"),
    ],
)
def test_moments_keep_their_nanoseconds(stamp: str, moment: str) -> None:
    assert since(stamp) == moment
