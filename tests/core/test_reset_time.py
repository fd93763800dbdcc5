"""Words that say when to try again, read at a fixed moment."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supervisor.core.reset_time import DUE_S, LONGEST_S, plain, stated

HOME = "America/Los_Angeles"


def zone(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name or HOME)
    except (ZoneInfoNotFoundError, ValueError):
        return None


def at(text: str, name: str = HOME) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(name)).timestamp()


NOON = at("2026-02-12T12:30:00")
"""A Thursday."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Retry-After: 20", 20),
        ("retry-after: 10.5", 10.5),
        ("'retry_after': 12", 12),
        ("retry_after_ms=1500", 1.5),
        ("retry-after: 3s", 3),
        ("Please retry after 26 seconds.", 26),
        ("Please try again in 6m0s.", 360),
        ("try again in 1.2s", 1.2),
        ("try again in 230ms", 0.23),
        ("limit resets in 2 hours 15 minutes", 8100),
        ("resets in 3d 4h", 273_600),
        ("reset after 1h2m3.5s", 3723.5),
        ('"retryDelay": "34s"', 34),
        ('retryDelay: "34.07s"', 34.07),
        ("Retrying request to /v1/chat in 0.5 seconds", 0.5),
        ("Retrying in 10 seconds", 10),
        ("x-ratelimit-reset-tokens: 59", 59),
        ("x-ratelimit-reset-requests: 6m0s", 360),
        ("wait a minute", 60),
        ("Please wait 20 seconds and go on", 20),
        ("Retry-After: 0", 0),
        ("back off for at least 2 min", 120),
        ("try again in an hour", 3600),
        ("available again in 1 week", 604_800),
        ("retry-after: 5\nx-ratelimit-reset-tokens: 59", 5),
    ],
)
def test_spans(text: str, seconds: float) -> None:
    """A stated wait counts from when it was written, and is told as stated."""
    found = stated(text, NOON, zone)
    assert found is not None
    assert found.wait_s == pytest.approx(seconds)
    assert found.at == pytest.approx(NOON + seconds)
    assert not found.clock


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("resets 4pm (America/Los_Angeles)", at("2026-02-12T16:00")),
        ("resets 4pm", at("2026-02-12T16:00")),
        ("resets 10:40pm (America/Toronto)", at("2026-02-12T22:40", "America/Toronto")),
        ("resets Feb 19, 6am", at("2026-02-19T06:00")),
        ("resets at 6 am on Feb 19", at("2026-02-19T06:00")),
        ("resets 19 February at 6:15 a.m.", at("2026-02-19T06:15")),
        ("resets on March 1", at("2026-03-01T00:00")),
        ("try again at Feb 22nd, 2026 10:42 AM.", at("2026-02-22T10:42")),
        ("or try again at 4:20 PM.", at("2026-02-12T16:20")),
        ("will reset at Feb 22, 11:59 PM PT.", at("2026-02-22T23:59")),
        ("resets 16:00 UTC", at("2026-02-13T16:00", "UTC")),
        ("resets 23:15", at("2026-02-12T23:15")),
        ("resets at 18:00 GMT+2", at("2026-02-13T16:00", "UTC")),
        ("resets at 15:00 +0900", at("2026-02-13T06:00", "UTC")),
        ("resets Monday at 9am", at("2026-02-16T09:00")),
        ("resets Thursday at 9am", at("2026-02-19T09:00")),
        ("resets Thursday at 2pm", at("2026-02-12T14:00")),
        ("resets tomorrow at 6am", at("2026-02-13T06:00")),
        ("resets today at 6pm", at("2026-02-12T18:00")),
        ("resets at noon", at("2026-02-12T12:30")),
        ("resets midnight", at("2026-02-13T00:00")),
        ("resets 3am", at("2026-02-13T03:00")),
        ("Retry-After: Thu, 12 Feb 2026 21:28:00 GMT", at("2026-02-12T21:28", "UTC")),
        ("reset at 2026-02-13T06:00:00Z", at("2026-02-13T06:00", "UTC")),
        ("reset at 2026-02-13T06:00:00+09:00", at("2026-02-12T21:00", "UTC")),
        ("您的限额将在 2026-02-24 09:59:59 重置", at("2026-02-24T09:59:59")),
        ("resets at 1770970000", 1_770_970_000),
        ("usage limit reached|1770970000", 1_770_970_000),
        ("X-RateLimit-Reset: 1770970000000", 1_770_970_000),
        ("resets Tue Feb 17 at 10:00am (Europe/London)", at("2026-02-17T10:00", "Europe/London")),
        ("available again on 19 February 2026 at 06:00", at("2026-02-19T06:00")),
        ("your plan resets 2026-02-23", at("2026-02-23T00:00")),
        ("resets at 6 PM (GMT+05:30)", at("2026-02-13T18:00", "Asia/Kolkata")),
        ("limited until 11 p.m. Eastern Time", at("2026-02-12T23:00", "America/New_York")),
        ("daily limit reached, resets at midnight UTC", at("2026-02-13T00:00", "UTC")),
        ("try again tomorrow at 7am", at("2026-02-13T07:00")),
        ("limit reached. Please return tomorrow to go on", at("2026-02-13T00:00")),
        ("se restablece el 19 de febrero a las 6:00", at("2026-02-19T06:00")),
        ("将于 2月19日 6:00 重置", at("2026-02-19T06:00")),
        ("Retry-After: 1770970000", 1_770_970_000),
        ("Retry-After: 1770970000000", 1_770_970_000),
    ],
)
def test_moments(text: str, moment: float) -> None:
    """Clock times, dates, weekdays, epochs; without a zone the batch's own counts."""
    found = stated(text, NOON, zone)
    assert found is not None
    assert found.at == moment
    assert found.wait_s is None
    assert found.clock


@pytest.mark.parametrize(
    "text",
    [
        "try again later",
        "Retry-After: -5",
        "Retry-After: nan",
        "Retry-After: 1e400",
        "Retry-After: 99999999",
        "try again in 99 days",
        "resets 25:99",
        "resets 13pm",
        "resets Feb 31, 6am",
        "resets Dec 24, 6am",
        "resets 4pm (Moon/Tycho)",
        "resets today at 6am",
        "429 Too Many Requests, 5 of 10",
        "reset at 2026-02-31T06:00:00Z",
        "reset at 2019-02-13T06:00:00Z",
        "Retry-After: Thu, 99 Feb 2026 21:28:00 GMT",
        "Retry-After: Thu, 12 Feb 2019 21:28:00 GMT",
        "Date: Thu, 12 Feb 2026 21:28:00 GMT and retry",
        "limit reset; Date: Thu, 12 Feb 2026 21:28:00 GMT",
        "created 2026-02-13T06:00:00Z",
        "resets at +99:00",
        "waiting 3 oms",
        "took 6m0s",
        "timed out after 30s, retrying",
        "60 requests per 1 minute exceeded, retry later",
        "limits reset every 5h and every week",
        "job ran 3h12m; rate limited",
        "rate limited in the last 60 seconds",
        "token expires in 3600 seconds",
        "2026-02-12 12:29:59 ERROR rate limit exceeded, retry later",
        "max_retry_delay: 60s",
        "used 31200 tokens, 5 s, retry",
        "too many tokens per day, wait before trying again",
        "",
    ],
)
def test_nothing_stated_or_nonsense(text: str) -> None:
    """No time, an impossible one, or one too far away."""
    assert stated(text, NOON, zone) is None


def test_up_to_half_an_hour_past_is_due_now() -> None:
    """A clock a little ahead, or a line read a little late, is no reason to wait a day."""
    found = stated("resets 12:15pm", NOON, zone)
    assert found is not None
    assert found.at == NOON
    late = stated("resets 11:55am", NOON, zone)
    assert late is not None
    assert late.at == at("2026-02-13T11:55")


def test_just_after_midnight_the_evening_before_is_meant() -> None:
    """At 00:10 «resets 11:50pm» is due, not 24 hours away."""
    found = stated("resets 11:50pm", at("2026-02-13T00:10"), zone)
    assert found is not None
    assert found.at == at("2026-02-13T00:10")


def test_the_new_year() -> None:
    """A date without a year is the next one."""
    found = stated("resets Jan 2, 6am", at("2026-12-30T12:00"), zone)
    assert found is not None
    assert found.at == at("2027-01-02T06:00")


def test_summer_time() -> None:
    """A clock time is the wall's: across the change of clocks the wait is an hour off 24."""
    before = at("2026-03-07T22:00")
    found = stated("resets 10pm", before + DUE_S + 60, zone)
    assert found is not None
    assert found.at == at("2026-03-08T22:00")
    assert found.at - before == 23 * 3600
    gap = stated("resets 2:30am", at("2026-03-08T01:00"), zone)
    assert gap is not None
    assert gap.at == at("2026-03-08T03:30")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        # What is asked for counts before headers, and both before the client's own backoff.
        ("retry-after: 30 x-ratelimit-reset-tokens: 59", 30),
        ("Retrying in 1s: server says try again in 40s", 40),
        ("please retry in 36.4s. 'retryDelay': '36s'", 36.4),
        ("quota resets in 20s. Retrying in 2s", 20),
        # The budget that is used up, else the longest of short ones.
        (
            "x-ratelimit-remaining-requests: 0 x-ratelimit-remaining-tokens: 9"
            " x-ratelimit-reset-requests: 8s x-ratelimit-reset-tokens: 50s",
            8,
        ),
        ("x-ratelimit-reset-requests: 8s x-ratelimit-reset-tokens: 50s", 50),
        # Of long windows the soonest: a refused request costs less than the night.
        ("x-a-limit-reset-after: 9000 x-b-limit-reset-after: 300000", 9000),
        # The same twice: the span is told as it was stated.
        ('"resets_at": 1770929200, "resets_in_seconds": 1000', 1000),
        ("in effect until 2026-02-12 23:29:02 +0200 [rate reset in 59m]", 3540),
    ],
)
def test_of_several_times_one_counts(text: str, seconds: float) -> None:
    """By who says it, then by what a mistake would cost."""
    found = stated(text, NOON, zone)
    assert found is not None
    assert found.wait_s == pytest.approx(seconds)


def test_no_wait_at_all_beside_a_stated_reset() -> None:
    """«retry-after: 0» leaves the choice to the client; the reset does not."""
    found = stated("retry-after: 0, your limit resets at 4pm", NOON, zone)
    assert found is not None
    assert found.at == at("2026-02-12T16:00")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (r"{\"retryDelay\": \"38.5s\"}", 38.5),
        (r"limit: 20\nPlease retry in 7s.", 7),
        (r"hit your limit \u00b7 resets in 3h", 10_800),
        ("resets\u202fin **20** minutes", 1200),
        ("│ try again in ２０ s │", 20),  # noqa: RUF001 - wide digits are meant
    ],
)
def test_escapes_frames_and_marks(text: str, seconds: float) -> None:
    """JSON in JSON, boxes, Markdown, and spaces that are none."""
    found = stated(text, NOON, zone)
    assert found is not None
    assert found.wait_s == seconds


def test_plain_text_stays() -> None:
    """Nothing to resolve, nothing changed."""
    assert plain("resets 4pm (UTC)") == "resets 4pm (UTC)"


@given(st.floats(0, LONGEST_S / 2), st.floats(1.6e9, 2e9), st.floats(0, 1e7))
def test_a_span_moves_with_the_time_of_writing(seconds: float, now: float, later: float) -> None:
    """The later it was written, the later it ends, by the same."""
    text = f"try again in {seconds:.2f} seconds"
    first, second = stated(text, now, zone), stated(text, now + later, zone)
    assert first is not None
    assert second is not None
    assert second.at - first.at == pytest.approx(later, abs=1e-3)
    assert first.wait_s == second.wait_s == pytest.approx(float(f"{seconds:.2f}"))


@given(
    st.sampled_from(["resets at {}", "Retry-After: {}", "reset_at={}", "limited until {}"]),
    st.floats(1.6e9, 2e9),
    st.integers(1, int(LONGEST_S) - 86_400),
)
def test_stamps_are_exact(words: str, now: float, ahead: int) -> None:
    """ISO, HTTP date and epoch name the same second."""
    moment = datetime.fromtimestamp(int(now) + ahead, UTC)
    for written in (
        moment.isoformat(),
        moment.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        str(int(now) + ahead),
        str((int(now) + ahead) * 1000),
    ):
        found = stated(words.format(written), now, zone)
        assert found is not None
        assert found.at == int(now) + ahead
        assert found.wait_s is None


@given(st.floats(0, LONGEST_S - 1, allow_nan=False))
def test_any_header_in_range_is_read_exactly(seconds: float) -> None:
    """Fractions included."""
    text = f"{seconds:.3f}"
    found = stated(f"retry-after: {text}", NOON, zone)
    assert found is not None
    assert found.wait_s == pytest.approx(float(text))


@given(
    now=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001 - made aware below
    hour=st.integers(1, 12),
    minute=st.integers(0, 59),
    half=st.sampled_from(["am", "pm"]),
    name=st.sampled_from([HOME, "Europe/Berlin", "Asia/Kolkata", "UTC", "Australia/Lord_Howe"]),
)
def test_a_clock_time_is_always_within_a_day(
    now: datetime, hour: int, minute: int, half: str, name: str
) -> None:
    """Never in the past, never more than a day (and a change of clocks) away."""
    written = now.replace(tzinfo=UTC).timestamp()
    found = stated(f"resets {hour}:{minute:02}{half} ({name})", written, zone)
    assert found is not None
    assert 0 <= found.at - written <= 86_400 + 2 * 3600
    if found.at > written:
        there = datetime.fromtimestamp(found.at, ZoneInfo(name))
        wanted = timedelta(hours=hour % 12 + (12 if half == "pm" else 0), minutes=minute)
        shown = timedelta(hours=there.hour, minutes=there.minute)
        assert abs(shown - wanted) in {timedelta(0), timedelta(hours=1), timedelta(minutes=30)}


@given(st.text(max_size=200), st.floats(0, 4e9))
def test_any_text_gives_a_time_in_range_or_none(text: str, now: float) -> None:
    """Whatever was printed: no exception, nothing in the past, nothing beyond 31 days."""
    for words in (text, f"resets {text}", f"retry-after: {text}", f"try again in {text}"):
        found = stated(words, now, zone)
        assert found is None or 0 <= found.at - now <= LONGEST_S + 1
