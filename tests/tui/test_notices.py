from dataclasses import replace

from supervisor.core.board import EMPTY, Edited, LimitRow, NeedsYou, UnderWay
from supervisor.core.needs_you import need_of_edit
from supervisor.tui.glyphs import UNICODE
from supervisor.tui.link import CONNECTING, Link
from supervisor.tui.notices import Notice, notices
from tests.fakes.engine import board_of, row
from tests.tui.scene import HOUR, MINUTE, NOW, night

LIVE = Link(state="live")


def said(board: object, link: Link = LIVE) -> list[Notice]:
    return list(notices(board, link, NOW, UNICODE))  # type: ignore[arg-type]


def test_all_is_well_says_nothing() -> None:
    assert said(board_of(row("g/a", "running"))) == []
    assert said(EMPTY, CONNECTING) == []


def test_the_most_urgent_comes_first() -> None:
    tags = [notice.tag for notice in said(night(state="paused", reason="paused by you"))]
    assert tags == ["NEEDS YOU", "PAUSED", "HELD", "ADVICE"]


def test_what_is_under_way_is_no_alarm() -> None:
    pull = UnderWay(what="pull x", since=1.0, text="pulling x: 2 of 4 MB")
    (notice,) = said(board_of(under_way=(pull,)))
    assert (notice.tag, notice.look, notice.text) == ("UNDER WAY", "dim", pull.text)


def test_what_needs_you_names_its_cure_and_key() -> None:
    first = said(night())[0]
    assert first.text == "azure: login expired 02:04 (AADSTS700082)"
    assert first.cure == "az login --use-device-code; overnight resume azure"
    assert first.key == "!"


def test_a_hold_counts_down() -> None:
    limit = LimitRow(limit="t", held_until=NOW + 90, reason="429", since=NOW, state="held")
    (notice,) = said(board_of(limits=(limit,)))
    assert notice.text == "t until 02:15, 90s left: 429"
    (notice,) = said(board_of(limits=(replace(limit, held_until=None),)))
    assert notice.text == "t until you release it: 429"
    (notice,) = said(board_of(limits=(replace(limit, state="ramping"),)))
    assert (notice.tag, notice.text) == ("RAMPING", "t: 429")


def test_a_limit_that_needs_you_is_told_once() -> None:
    limit = LimitRow(limit="t", held_until=None, reason="login", since=NOW, state="held")
    need = NeedsYou(what="t", since=NOW, why="login expired", command="overnight resume t")
    assert [n.tag for n in said(board_of(limits=(limit,), needs_you=(need,)))] == ["NEEDS YOU"]


def test_a_silent_engine_is_told_with_the_age_of_the_picture() -> None:
    gone = Link(state="gone", since=NOW - 3 * MINUTE, detail="[Errno 2] no socket")
    (notice,) = said(board_of(as_of=NOW - HOUR), gone)
    assert notice.tag == "DISCONNECTED"
    assert "for 3m; trying again; this is how it was at 01:14: [Errno 2]" in notice.text


def test_an_engine_that_lives_no_more_names_the_next_one() -> None:
    gone = Link(state="gone", since=NOW, detail="[Errno 2]", cure="overnight run night.yaml")
    (notice,) = said(board_of(as_of=NOW), gone)
    assert (notice.tag, notice.cure) == ("ENGINE GONE", "overnight run night.yaml")
    assert "run on" in notice.text


def test_an_engine_that_ended_says_how_to_go_on() -> None:
    ended = Link(state="ended", since=NOW)
    (notice,) = said(board_of(row("g/a")), ended)
    assert (notice.tag, notice.cure) == ("ENDED", "overnight run")
    assert notice.look == "alarm"
    (notice,) = said(night(state="stopped", reason="stopping"), ended)
    assert (notice.tag, notice.look) == ("ENDED", "warn")
    (notice,) = said(board_of(), Link(state="ended", detail="another version"))
    assert notice.text == "another version"


def test_the_end_tells_good_from_bad() -> None:
    done = [row("g/a", "succeeded"), row("g/b", "succeeded")]
    assert said(board_of(*done, state="done"))[0].text == "all 2 succeeded"
    (notice,) = said(board_of(*done, row("g/c", "failed"), state="done"), Link(state="ended"))
    assert notice.text.startswith("1 did not succeed")


def test_hostile_words_are_made_plain() -> None:
    need = NeedsYou(what="a\x1b[2J", since=NOW, why="b\u202e", command="c\x07")
    (notice,) = said(board_of(needs_you=(need,)))
    assert (notice.text, notice.cure) == ("a: b", "c")


def test_a_ramp_is_no_news_when_nothing_is_left_to_launch() -> None:
    ramp = LimitRow(limit="t", held_until=None, reason="2 at once", since=NOW, state="ramping")
    over = board_of(row("g/a", "succeeded"), state="done", limits=(ramp,))
    assert [notice.tag for notice in said(over)] == ["DONE"]
    held = replace(ramp, state="held")
    over = board_of(row("g/a", "failed"), state="done", limits=(held,))
    assert [notice.tag for notice in said(over)] == ["DONE", "HELD"]


def test_an_edited_file_names_the_command_and_the_key() -> None:
    edited = Edited(file="/w/night.yaml", since=NOW, brief="g.parallel: 4 → 8")
    board = board_of(row("g/a", "running"), needs_you=(need_of_edit(edited),))
    (notice,) = said(replace(board, head=replace(board.head, edited=edited)))
    assert notice.text.startswith("night.yaml: edited: g.parallel: 4 → 8")
    assert (notice.cure, notice.key) == ("overnight reload", "R")


def test_an_engine_that_has_probably_died_is_started_anew_with_a_command() -> None:
    board = board_of(as_of=NOW - HOUR, source="/home/eva/my night.yaml")
    (early,) = said(board, Link(state="gone", since=NOW - 5))
    assert early.cure == ""
    (late,) = said(board, Link(state="gone", since=NOW - 40))
    assert late.cure == "overnight run '/home/eva/my night.yaml'"
    (ended,) = said(board, Link(state="ended", since=NOW - 40))
    assert ended.cure == late.cure
