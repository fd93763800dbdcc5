"""A row says what its runner waits for, else which item it is at; and what failed in it."""

from dataclasses import replace

from supervisor.core.told import Told, Wait
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.sayings import own_words
from tests.fakes.engine import row

NOW = 1000.0
WAIT = Wait(until=NOW + 300, why="resets 4pm")


def said(told: Told | None, phase: str = "running", now: float = NOW) -> list[str]:
    return own_words(replace(row("g/a", phase), told=told), now, UNICODE)


def test_most_runners_say_nothing() -> None:
    assert said(None) == []
    assert said(Told()) == []


def test_an_item_is_at_work_until_the_runner_waits() -> None:
    assert said(Told(item="q4")) == ["at q4"]
    assert said(Told(item="q4", done=7)) == ["at q4", "7 done"]
    assert said(Told(item="q4", wait=WAIT)) == ["its limit 5m: resets 4pm"]
    assert said(Told(item="q4", wait=WAIT), now=NOW + 301) == ["at q4"]


def test_what_failed_in_it_stays_when_it_is_over() -> None:
    assert said(Told(item="q4", errors=1, wait=WAIT), "succeeded") == ["1 item failed"]
    assert said(Told(errors=3), "failed") == ["3 items failed"]


def test_other_alphabets_become_ascii_where_asked() -> None:
    told = replace(row("g/a", "running"), told=Told(item="ä"))
    assert "".join(own_words(told, NOW, ASCII)).isascii()
