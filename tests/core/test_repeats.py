"""A log that says the same again says nothing new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.repeats import Heard, essence


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "2026-11-22 06:01:02,123 INFO Retrying request to /v1/chat in 0.432 seconds",
            "2026-11-23T07:11:09.001 INFO Retrying request to /v1/chat in 1.9 seconds",
        ),
        ("[06:01:02] waiting for pod 12", "[06:01:12] waiting for pod 13"),
        ("ERROR: attempt 12 failed: 503", "ERROR: attempt 13 failed: 503"),
        (
            " 37%|███▋      | 37/100 [00:12<00:20,  3.05it/s]",
            " 37%|███▋      | 37/100 [01:12<02:20,  1.05it/s]",
        ),
        ("⠋ Working... 0:01:12", "⠙ Working... 0:01:13"),
        ("polled job 7f3a9c2e-11aa-22bb-33cc", "polled job 0c9ee2aa-99ff-00aa-1234"),
        ("1770000000.12 at 0x7ffee1: still here", "1770000060.99 at 0x7ffee2: still here"),
    ],
)
def test_what_moves_by_itself_does_not_count(one: str, other: str) -> None:
    assert essence(one) == essence(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("epoch 3 step 400 loss 1.234", "epoch 3 step 401 loss 1.230"),
        (
            " 37%|███▋      | 37/100 [00:12<00:20,  3.05it/s]",
            " 38%|███▊      | 38/100 [00:12<00:20,  3.05it/s]",
        ),
        ("done with sample 7", "done with sample 8"),
        ("12 MB of 80 MB", "13 MB of 80 MB"),
        ("Error: token expired", "Error: quota exceeded"),
    ],
)
def test_work_counts(one: str, other: str) -> None:
    assert essence(one) != essence(other)


def test_a_cycle_of_lines_is_heard_once() -> None:
    cycle = ["Traceback (most recent call last):", "  File x, line 3", "Error: 503", "retrying"]
    heard = Heard()
    assert heard.news(cycle)
    assert not heard.news(cycle * 9)
    assert heard.news([*cycle, "sample 4 done"])
    assert not heard.news(["", "---", "▏▎▍"])


def test_a_long_cycle_is_learnt_a_few_lines_at_a_time() -> None:
    cycle = [f"line {n} of the banner" for n in range(40)]
    heard = Heard()
    assert [heard.news(cycle) for _ in range(6)] == [True] * 5 + [False]


def test_answers_are_work_however_alike() -> None:
    heard = Heard()
    line = 'HTTP Request: POST https://api.openai.com/v1/chat "HTTP/1.1 200 OK"'
    assert heard.news([line])
    assert heard.news([line])


def test_memory_is_bounded() -> None:
    heard = Heard()
    for n in range(500):
        assert heard.news([f"sample {n} done"])
    assert heard.news(["sample 0 done"]), "long forgotten"
    assert not heard.news(["sample 499 done"])


@given(st.lists(st.text(), max_size=20))
def test_the_same_lines_again_are_no_news_once_learnt(lines: list[str]) -> None:
    heard = Heard()
    told = [heard.news([line for line in lines if "200 OK" not in line]) for _ in range(4)]
    assert not told[-1]
