"""Sentences about errors are told from errors by their small words."""

import pytest

from supervisor.core.prose import is_prose, is_sentence


@pytest.mark.parametrize(
    "line",
    [
        "The server returns a 429 when you are too fast.",
        "> User: my key is invalid, what should I do?",
        "Also, instead of raising a timeout, it waits.",
        "It keeps getting connection refused since the update.",
        "This error means the machine never got enough memory.",
        "A run that goes beyond its share is OOM-killed even if others just idle.",
        "(We lost two nodes to NCCL errors.)",
        "A nightly sweep of the caches to prevent disk-full errors in the image builds.",
        "Their pool died because somebody ran out of disk space.",
        "Whether the limits are reached: that is told elsewhere, if at all",
        "Problem: when a job is out of memory it's unclear whether anyone noticed.",
    ],
)
def test_tells_prose(line: str) -> None:
    """Modes of speech, and small words in number."""
    assert is_prose(line)


@pytest.mark.parametrize(
    "line",
    [
        "RuntimeError: the option must be set",
        "docker: the daemon that runs there said it would not start because it is full",
        "2026-01-02 03:04:05 the pool died because its worker was killed, which happens often",
        "You've hit your limit; please try again, but only later",
        "No space left on device",
        "Quota used up. Please ask your admin how to raise it.",
        "connection refused: is the server really up?",
        "You've reached a limit that is set per key, because many share it",
        "Memory of worker 5f3a9c1be2d74a60ffee, which was the largest, is over its share",
        "An error (Odd) occurred when asking, which is really rare",
    ],
)
def test_leaves_errors(line: str) -> None:
    """Messages name who sends them, or speak to the reader, or are short."""
    assert not is_prose(line)


def test_tells_sentences() -> None:
    """Nothing but words, one of a tale among them; paths, values and requests are no such thing."""
    assert is_sentence(
        "Our service throttled some of these requests and that is how we learnt of it"
    )
    assert not is_sentence(
        "The command at /src/csrc/ops.cu was throttled because that file is large"
    )
    assert not is_sentence("Some requests were throttled")
    assert not is_sentence(
        "Too many requests were sent by your team; please wait until there are fewer"
    )
    assert not is_sentence(
        "There seems to be some trouble with the way to your hub and its mirrors. Retrying..."
    )
    assert not is_sentence("You've hit the limit that this model has for some of its users")
