from supervisor.core.board import LimitCost
from supervisor.core.night import Slice, Stretch, Timeline
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.night_chart import LABEL_CELLS, bars_of, chart, empty, price, slices_for
from supervisor.tui.widgets.lines import Line

HOUR = 3600.0


def night(*slices: Slice, stretches: tuple[Stretch, ...] = (), lost_s: float = 0.0) -> Timeline:
    return Timeline(
        begin=0,
        end=HOUR * len(slices),
        as_of=HOUR * len(slices),
        slices=slices,
        stretches=stretches,
        events=(),
        costs=(LimitCost(limit="api", pauses=1, waited_s=600, lost_s=lost_s),) if lost_s else (),
    )


def text(line: Line) -> str:
    return "".join(piece for piece, _ in line.pieces)


def lines(found: Timeline, rows: int = 2) -> list[str]:
    return [text(line)[LABEL_CELLS + 1 :] for line in chart(found, rows, UNICODE)]


def ran(running: float, good: int = 0, bad: int = 0) -> Slice:
    return Slice(running=running, good=good, bad=bad)


def test_bars_are_as_high_as_what_ran() -> None:
    top, below, good, bad, _ = lines(night(ran(4), ran(2), ran(0), ran(0.1, good=1, bad=2)))
    assert (top, below) == ("█   ", "██ ▁")
    assert good == "   █"
    assert bad == "   █"


def test_the_scale_and_the_sums_stand_before_the_bars() -> None:
    first, *_ = (text(line) for line in chart(night(ran(6.2, good=3), ran(0, good=4)), 3, UNICODE))
    assert first.startswith(" running   7 ")
    sums = [
        text(line)[:LABEL_CELLS] for line in chart(night(ran(1, 3), ran(0, 4)), 1, UNICODE)[1:3]
    ]
    assert sums == [" done      7", " bad ends  0"]


def test_a_limit_shows_when_it_held_the_longest_first() -> None:
    held = (
        Stretch(limit="short", since=0, until=60, reason=""),
        Stretch(limit="long", since=HOUR * 1.5, until=None, reason=""),
    )
    found = [text(line) for line in chart(night(*[ran(1)] * 4, stretches=held), 1, UNICODE)]
    assert found[3].split() == ["long", "·━━━"]
    assert found[4].split() == ["short", "━···"]


def test_clocks_stand_below_where_their_time_begins() -> None:
    axis = lines(night(*[ran(1)] * 40))[-1]
    assert [len(word) for word in axis.split()] == [5, 5, 5]
    assert axis.index(axis.split()[1]) == 15


def test_a_time_of_day_is_told_once_and_nothing_is_drawn_ahead() -> None:
    held = (Stretch(limit="api", since=0, until=None, reason=""),)
    young = Timeline(
        begin=0, end=60, as_of=20, slices=(ran(1),) * 60, stretches=held, events=(), costs=()
    )
    found = [text(line)[LABEL_CELLS + 1 :] for line in chart(young, 1, UNICODE)]
    assert len(found[-1].split()) == 1
    assert found[3].count("━") == 21


def test_the_price_is_told_in_words() -> None:
    assert price(night(ran(1))) == ""
    assert price(night(ran(1), lost_s=1800)) == "limits cost 10m and 0.5 task-hours"
    assert price(night(ran(1), lost_s=214 * HOUR)) == "limits cost 10m and 214 task-hours"


def test_nothing_is_blank_and_all_fits() -> None:
    assert bars_of([0, 0.01, 1], 1, UNICODE) == " ▁█"
    assert empty((ran(0), ran(0)))
    assert not empty((ran(0, bad=1),))
    assert slices_for(80) == 66
    assert slices_for(3) == 8
    assert all(text(line).isascii() for line in chart(night(*[ran(2)] * 20), 3, ASCII))
