"""Every stated time of a text."""

from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from supervisor.core.cues import Says
from supervisor.core.readings import LONGEST_S, readings

NOW = datetime(2026, 2, 12, 12, 30, tzinfo=ZoneInfo("America/Los_Angeles")).timestamp()


def zone(name: str) -> tzinfo | None:
    return ZoneInfo(name or "America/Los_Angeles")


def told(text: str) -> list[tuple[Says, float]]:
    return [(one.says, round(one.stated.at - NOW, 3)) for one in readings(text, NOW, zone)]


def test_each_is_read_once() -> None:
    """A field is not read again as words, a date not again as spans."""
    assert told("retry-after: 20s") == [(Says.ASKED, 20)]
    assert told("限额将在 2026年2月12日 13:00 重置") == [(Says.RESET, 1800)]
    assert told("resets at 1pm PST (~10pm CET)") == [(Says.RESET, 1800)]
    assert told("usage limit reached|1770930000") == [(Says.RESET, 1800)]


def test_several_in_one_line() -> None:
    """Fields come first, then words."""
    text = "Retrying in 2s (retry-after: 20, limit resets in 40s)"
    assert told(text) == [(Says.ASKED, 20), (Says.OURS, 2), (Says.RESET, 40)]


def test_spans_with_the_face_of_a_clock() -> None:
    """After «in»; after «at» it is a time of day."""
    assert told("try again in 00:14:59") == [(Says.ASKED, 899)]
    assert told("try again at 12:44:59") == [(Says.ASKED, 899)]


def test_out_of_range() -> None:
    """Beyond a month, negative, or long past."""
    assert LONGEST_S == 31 * 86400
    for text in ("retry-after: 9999999", "retry-after: -1", "resets_at: 1600000000"):
        assert told(text) == []


def test_a_stamp_of_a_machine_close_by_ends_no_window() -> None:
    """A header's time stamp 20 seconds ahead is an ordinary limit."""
    (soon,) = readings("x-ratelimit-reset: 1770928220", NOW, zone)
    (late,) = readings("x-ratelimit-reset: 1770939000", NOW, zone)
    (words,) = readings("resets 12:31pm", NOW, zone)
    assert [one.stated.clock for one in (soon, late, words)] == [False, True, True]


def test_the_words_are_told() -> None:
    """With a few before them, for whoever asks why."""
    (found,) = readings("Limit 5, used 5. Please try again in 4m2s. See the docs", NOW, zone)
    assert found.stated.words.endswith("try again in 4m2s")
