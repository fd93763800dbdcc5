"""Binary lines are dropped, text is not, whatever zero bytes are in it."""

import random

import pytest

from supervisor.core.binary import text_of


def test_text_is_left_alone() -> None:
    data = "\x1b[31mErreur à la ligne 3\x1b[0m\r\n日本語\tbell\x07".encode()
    assert text_of(data) == (data, 0)


def test_zero_bytes_go_and_text_around_them_stays() -> None:
    assert text_of(b"\0" * 1000 + b"Error: one\nError: two") == (b"Error: one\nError: two", 0)
    assert text_of("Error: wide\n".encode("utf-16-le")) == (b"Error: wide\n", 0)


@pytest.mark.parametrize("seed", range(5))
def test_binary_lines_go_and_the_text_between_them_stays(seed: int) -> None:
    noise = random.Random(seed).randbytes(50_000)
    lines = noise.count(b"\n")
    data = noise + b"\nError: token expired\n" + noise[::-1] + b"\nlast words"
    text, dropped = text_of(data)
    assert b"Error: token expired\n" in text
    assert text.endswith(b"last words")
    assert dropped > 60_000
    assert text.count(b"\n") < lines
