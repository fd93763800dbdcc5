"""Messages through pipes, in whatever pieces they come."""

import os
from collections.abc import Generator

import pytest

from supervisor.kit.pool_frames import DONE, READY, Frame, Frames, read_frame, write_frame


@pytest.fixture
def pipe() -> Generator[tuple[int, int]]:
    reader, writer = os.pipe()
    yield reader, writer
    os.close(reader)
    os.close(writer)


def test_messages_arrive_whole(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    os.set_blocking(reader, False)
    frames = Frames(reader)
    assert list(frames.read()) == []
    sent = [Frame(READY), Frame(DONE, 7, 0.5, b"value"), Frame(DONE, 8, 0.1, b"")]
    for frame in sent:
        write_frame(writer, frame)
    assert list(frames.read()) == sent


def test_half_a_message_is_none_until_the_rest_comes(pipe: tuple[int, int]) -> None:
    reader, writer = pipe
    write_frame(writer, Frame(DONE, 1, 0.0, b"abcdef"))
    data = os.read(reader, 1000)
    os.set_blocking(reader, False)
    frames = Frames(reader)
    for byte in data[:-1]:
        os.write(writer, bytes([byte]))
        assert list(frames.read()) == []
    os.write(writer, data[-1:])
    assert list(frames.read()) == [Frame(DONE, 1, 0.0, b"abcdef")]


def test_a_pipe_that_ends_ends_in_nothing() -> None:
    reader, writer = os.pipe()
    write_frame(writer, Frame(DONE, 1, 0.0, b"abcdef"))
    data = os.read(reader, 1000)
    os.write(writer, data + data[:-2])
    os.close(writer)
    assert read_frame(reader) == Frame(DONE, 1, 0.0, b"abcdef")
    assert read_frame(reader) is None
    os.close(reader)
