"""The picture of the night is made from histories and decisions alone."""

from supervisor.core.events import Tick
from supervisor.core.models import ErrorClass
from supervisor.core.night import Event
from supervisor.core.timeline import timeline
from tests.fakes.night import after, begun, ended, failed, group, started

WINDOW = ErrorClass.USAGE_WINDOW


def hold(at: float, kind: str, subject: str = "g", text: str = "why") -> Event:
    return Event(at=at, kind=kind, subject=subject, text=text)


def test_attempts_fill_the_slices_they_ran_in() -> None:
    batch = after(
        begun(["g/a", "g/b"], [group(parallel=2)]),
        (started("g/a", 1, 0), 0),
        (started("g/b", 1, 0), 0),
        (ended("g/a", 1, 100), 100),
    )
    found = timeline(batch, (), 400, 4)
    assert (found.begin, found.end) == (0, 400)
    assert [one.running for one in found.slices] == [2, 1, 1, 1]
    assert [one.good for one in found.slices] == [0, 1, 0, 0]


def test_bad_ends_are_counted_apart() -> None:
    batch = after(
        begun(["g/a"]),
        (started("g/a", 1, 0), 0),
        (failed("g/a", 1, 90, ErrorClass.NETWORK), 90),
    )
    found = timeline(batch, (), 100, 2)
    assert [(one.good, one.bad) for one in found.slices] == [(0, 0), (0, 1)]
    assert [one.running for one in found.slices] == [1, 0.8]


def test_a_young_night_has_a_width_and_no_future() -> None:
    found = timeline(begun(["g/a"]), (), 0, 0)
    assert found.end - found.begin == 60
    assert len(found.slices) == 1
    batch = after(begun(["g/a"]), (started("g/a", 1, 0), 0))
    found = timeline(batch, (), 20, 3)
    assert [one.running for one in found.slices] == [1, 0, 0]
    assert (found.as_of, found.end) == (20, 60)


def test_holds_are_paired_with_their_releases() -> None:
    batch = begun(["g/a"])
    events = (
        hold(10, "hold"),
        hold(20, "hold", text="longer"),
        hold(30, "release"),
        hold(35, "release"),
        hold(40, "hold", subject="g/a"),
    )
    (one,) = timeline(batch, events, 100, 10).stretches
    assert (one.limit, one.since, one.until, one.reason) == ("g", 10, 30, "why")


def test_a_hold_that_lasts_has_no_end_though_its_beginning_was_not_asked_for() -> None:
    batch = after(
        begun(["g/a"]),
        (started("g/a", 1, 0), 0),
        (failed("g/a", 1, 100, WINDOW, retry_at=400), 100),
    )
    for events in ((), (hold(100, "hold"),)):
        (one,) = timeline(batch, events, 150, 10).stretches
        assert (one.limit, one.since, one.until) == ("g", 100, None)
    assert timeline(batch, (), 150, 10).costs[0].waited_s == 50
    batch = after(batch, (Tick(), 417))
    assert timeline(batch, (), 450, 10).stretches == ()


def test_only_incidents_are_told_and_without_secrets() -> None:
    events = (
        hold(1, "launch", "g/a", "attempt 1"),
        hold(2, "breaker", "g", "open: api_key=sk-proj-abcdefghijklmnopqrstuvwxyz0123456789"),
        hold(3, "succeeded", "g/a", "took 2 s"),
    )
    (told,) = timeline(begun(["g/a"]), events, 10, 5).events
    assert (told.at, told.kind) == (2, "breaker")
    assert "abcdefghij" not in told.text
