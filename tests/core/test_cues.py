"""What makes a time a wait: the words beside it."""

import pytest

from supervisor.core.cues import Says, said_of_moment, said_of_span


def of_span(text: str) -> Says | None:
    """Judge the part between the brackets."""
    before, _, rest = text.partition("<")
    span, _, after = rest.partition(">")
    return said_of_span(before + span + after, len(before), len(before) + len(span))


def of_moment(text: str) -> Says | None:
    before, _, rest = text.partition("<")
    moment, _, after = rest.partition(">")
    return said_of_moment(before + moment + after, len(before), len(before) + len(moment))


@pytest.mark.parametrize(
    "text",
    [
        "Please try again in <5s>",
        "try your call again in about <5s>",
        "you have to wait at least <5s>",
        "wait <5s> before you send another request",
        "<5s> left before the next attempt",
        "ask again <5s> later",
        "the block expires in <5s>",
        "service is back in <5s>",
        "Bitte versuchen Sie es in <5 s> erneut",
        "请在 <5 秒>后重试",
        "<5秒>後に再試行してください",
        "<5초> 후에 다시 시도",
    ],
)
def test_asked_to_wait(text: str) -> None:
    """The other side says when."""
    assert of_span(text) is Says.ASKED


@pytest.mark.parametrize(
    "text",
    [
        "your limit resets in <5h>",
        "<5h> until the quota resets",
        "<5 小时>后重置",
        "renews in ~<5h>",
    ],
)
def test_the_end_of_a_limit(text: str) -> None:
    assert of_span(text) is Says.RESET


@pytest.mark.parametrize(
    "text",
    [
        "Retrying request to /v1/x in <5s>",
        "sleeping for <5s>",
        "backing off call(...) for <5s>",
        "will retry in <5s>",
        "next retry in <5s>",
    ],
)
def test_the_client_s_own_wait(text: str) -> None:
    assert of_span(text) is Says.OURS


@pytest.mark.parametrize(
    "text",
    [
        "it took <5s>, retry",
        "retrying, timed out after <5s>",
        "no answer for <5s>, retrying",
        "retry <5s> timeout",
        "limits reset every <5h>",
        "60 requests per <1 minute>, try later",
        "failed after waiting <5s>",
        "connection reset after <5s>",
        "last reset <5h> ago",
        "gave up after <5s>",
        "failed to renew the lock for <5s>",
        "reset your password within <5 minutes>",
        "Try again later. Used <5h> of compute",
        "event in 3 steps（<169 分鐘>後）",  # noqa: RUF001 - brackets of another alphabet are meant
    ],
)
def test_other_durations(text: str) -> None:
    """Durations of what happened, and rates."""
    assert of_span(text) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("try again at <4pm>", Says.ASKED),
        ("you can use it again on <Sunday at 5pm>", Says.ASKED),
        ("resets <4pm>", Says.RESET),
        ("limit reached ∙ resets <4pm>", Says.RESET),
        ("locked until <4pm>", Says.RESET),
        ("At <6am> your limit will be reset", Says.RESET),
        ("限额将在 <6:00> 重置", Says.RESET),
        ("sleeping until <16:05>", Says.RESET),
        ("<16:05:30> limit reset", None),
        ("certificate valid until <March 3>", None),
        ("connection reset at <16:05>", None),
        ("it was reset at <16:05>", None),
        ("rate limited; Date: <16:05>", None),
    ],
)
def test_moments(text: str, says: Says | None) -> None:
    """A time stamp before a message is none that ends a wait."""
    assert of_moment(text) is says


def test_a_full_stop_ends_what_is_said() -> None:
    """A unit's own point does not make the next sentence a part of it."""
    assert of_span("wait <5 min.> Passed: 3") is Says.ASKED
