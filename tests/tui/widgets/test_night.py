from supervisor.core.night import Event, Slice, Timeline
from supervisor.tui.screens.timeline import TimelineScreen
from tests.support import until
from tests.tui.piloting import Flight, flying
from tests.tui.scene import NOW

QUIET = Timeline(
    begin=NOW - 60,
    end=NOW,
    as_of=NOW,
    slices=(Slice(running=0, good=0, bad=0),) * 8,
    stretches=(),
    events=(),
    costs=(),
)


def event(number: int, kind: str = "hold", text: str = "until 04:00") -> Event:
    return Event(at=NOW + number, kind=kind, subject="trapi", text=text)


def with_events(*events: Event) -> Timeline:
    return Timeline(
        begin=QUIET.begin,
        end=QUIET.end,
        as_of=QUIET.end,
        slices=(Slice(running=1, good=0, bad=0),) * 8,
        stretches=(),
        events=events,
        costs=(),
    )


def screen(flight: Flight) -> TimelineScreen:
    shown = flight.app.screen
    assert isinstance(shown, TimelineScreen)
    return shown


async def test_a_night_in_which_nothing_ran_says_so() -> None:
    async with flying() as flight:
        flight.fake.night = QUIET
        await flight.press("4")
        await until(lambda: "nothing ran yet" in flight.text())
        assert "no incidents yet" in flight.text()


async def test_without_an_engine_it_says_why_there_is_no_picture() -> None:
    async with flying() as flight:
        flight.fake.gone = True
        await flight.press("4")
        await until(lambda: "the engine does not answer" in flight.text())


async def test_new_incidents_come_on_top_and_the_cursor_stays_on_its_own() -> None:
    async with flying() as flight:
        flight.fake.night = with_events(event(1), event(2, "release", "free"))
        await flight.press("4")
        await until(lambda: "Incidents 2" in flight.text())
        assert screen(flight).incidents.event_here == event(2, "release", "free")
        flight.fake.night = with_events(event(1), event(2, "release", "free"), event(3, "breaker"))
        flight.time.now += 11
        await until(lambda: "Incidents 3" in flight.text())
        assert screen(flight).incidents.event_here == event(2, "release", "free")
        assert screen(flight).incidents.keys[0].split()[1] == "breaker"


async def test_hostile_words_of_an_incident_are_only_text() -> None:
    async with flying() as flight:
        flight.fake.night = with_events(event(1, text="\x1b]52;c;aGk=\x07[bold]x\u202e"))
        await flight.press("4")
        await until(lambda: "[bold]x" in flight.text())
        assert "\x1b" not in flight.text()
        assert "\u202e" not in flight.text()
