"""What a running attempt writes, and what of it is worth acting upon."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from supervisor.core.evidence import Detection
from supervisor.core.names import ErrorClass
from supervisor.core.storms import Watch, holds, is_loud, progress_in, stops

LINE = Detection(
    rule="r",
    error_class=ErrorClass.AUTH,
    line="openai.AuthenticationError: Error code: 401",
    stream="stderr",
    strong=True,
    written_at=0.0,
)


def told(
    error_class: ErrorClass,
    times: int,
    every_s: float = 1.0,
    progress: Iterator[object] | None = None,
) -> list[Detection]:
    """Return what the core hears of ``times`` lines."""
    watch = Watch()
    found: list[Detection] = []
    for number in range(times):
        line = replace(LINE, error_class=error_class, written_at=number * every_s)
        one = watch.news(line, lambda: next(progress) if progress else None)
        if one is not None:
            found.append(one)
    return found


def test_a_storm_is_told_at_its_marks_and_whenever_it_doubled() -> None:
    assert [one.repeats for one in told(ErrorClass.AUTH, 30)] == [1, 3, 6, 12, 24]
    assert [one.repeats for one in told(ErrorClass.RATE_LIMIT, 50)] == [5, 20, 40]
    assert [one.repeats for one in told(ErrorClass.NETWORK, 50)] == [10, 20, 40]
    assert told(ErrorClass.BAD_REQUEST, 50) == []


def test_a_long_pause_ends_a_storm() -> None:
    assert [one.repeats for one in told(ErrorClass.AUTH, 9, every_s=700)] == [1] * 9


def test_progress_ends_a_storm() -> None:
    steps = iter(range(100))
    assert [one.repeats for one in told(ErrorClass.AUTH, 12, progress=steps)] == [1]


def test_what_is_held_and_what_is_stopped() -> None:
    """One refused credential may be one of many; six in a minute without any progress are all."""
    auth = told(ErrorClass.AUTH, 30, every_s=10)
    assert [one.repeats for one in auth] == [1, 3, 6, 7, 14, 28]
    assert [holds(one) for one in auth] == [False, True, True, True, True, True]
    assert [stops(one) for one in auth] == [False, False, False, True, True, True]
    assert not any(stops(one) for one in told(ErrorClass.AUTH, 30, every_s=0.1))
    quota = told(ErrorClass.QUOTA, 30, every_s=10)
    assert [holds(one) for one in quota] == [False, True, True, True, True]


def test_nobody_who_waits_is_ever_stopped() -> None:
    for error_class in ErrorClass:
        if error_class is not ErrorClass.AUTH:
            assert not any(stops(one) for one in told(error_class, 500, every_s=5))


def test_a_hail_of_rate_limits_holds_only_when_it_lasts() -> None:
    assert not any(holds(one) for one in told(ErrorClass.RATE_LIMIT, 40, every_s=0.1))
    assert any(holds(one) for one in told(ErrorClass.RATE_LIMIT, 40, every_s=5))
    assert not any(holds(one) for one in told(ErrorClass.SERVER_ERROR, 500))


def test_a_long_stated_wait_is_told_and_holds_at_once() -> None:
    watch = Watch()
    window = replace(LINE, error_class=ErrorClass.USAGE_WINDOW, retry_at=3600.0)
    first = watch.news(window, lambda: None)
    assert first is not None
    assert holds(first)
    assert watch.news(window, lambda: None) is None, "it was said already"
    later = watch.news(replace(window, retry_at=7200.0), lambda: None)
    assert later is not None
    assert holds(later)
    short = replace(LINE, error_class=ErrorClass.RATE_LIMIT, retry_at=20.0)
    assert watch.news(short, lambda: None) is None
    assert not holds(short)


def test_what_was_stated_is_told_even_though_it_gets_on() -> None:
    watch, steps = Watch(), iter(range(9))
    plain = replace(LINE, error_class=ErrorClass.RATE_LIMIT)
    assert watch.news(plain, lambda: next(steps)) is None
    found = watch.news(replace(plain, retry_at=900.0), lambda: next(steps))
    assert found is not None
    assert found.repeats == 1


@pytest.mark.parametrize(
    ("fields", "loud"),
    [
        ({}, True),
        ({"strong": False}, False),
        ({"stream": "stdout"}, False),
        ({"stream": "file"}, True),
        ({"line": "perhaps the login expired, who knows"}, False),
        ({"stream": "stdout", "line": '{"is_error": true, "result": "API Error: 401"}'}, True),
        ({"stream": "stdout", "line": '{"is_error": false, "result": "API Error: 401"}'}, False),
    ],
)
def test_only_errors_that_it_wrote_as_such_count(fields: dict[str, object], loud: bool) -> None:
    line = replace(LINE, **fields)  # type: ignore[arg-type]
    assert is_loud(line) is loud
    assert (Watch().news(line, lambda: None) is not None) is loud


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("", -1)),
        ("10/50 done\n11/50 done\n", ("11/50", -1)),
        ("10/50 done\nRetrying, attempt 2/5\n", ("10/50", -1)),
        (" 40%|####  | 4/10 [00:01<00:02]\n", ("4/10", -1)),
        ("loaded 40% of it\n", ("40", -1)),
        ("at 2026/02/03 on /srv/1/2\n", ("", -1)),
        ("x\nPOST /v1 200 OK\nPOST /v1 401\n", ("", 8)),
    ],
)
def test_what_shows_progress(text: str, found: tuple[str, int]) -> None:
    assert progress_in(text, 7) == found
