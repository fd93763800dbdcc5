"""The text of ``overnight status``: whatever the document, 20 lines of 60 columns."""

from hypothesis import given
from hypothesis import strategies as st

from supervisor.cli.status_text import HEIGHT, WIDTH, lines
from supervisor.cli.text import width_of
from supervisor.core.board import Advice, GroupRow, LimitRow, NeedsYou, UnderWay
from supervisor.core.containers import ContainerCounts
from supervisor.core.documents import status
from supervisor.core.told import Told, Wait
from tests.fakes.engine import PHASES, board_of, row

COUNTS = dict.fromkeys(PHASES, 1)
NOW = 1060.0


def text(*rows: object, **head: object) -> list[str]:
    return lines(status(board_of(*rows, **head)), NOW)  # type: ignore[arg-type]


def test_a_running_batch() -> None:
    group = GroupRow(
        group="g", parallel=4, running=2, state="running", breaker="closed", counts=COUNTS
    )
    limit = LimitRow(
        limit="trapi", held_until=NOW + 6900, reason="resets 4am", since=NOW, state="held"
    )
    found = text(
        row("g/a", "running", progress=(3, 9)),
        row("g/b", "failed", error_class="auth", cause="401"),
        row("g/c"),
        groups=(group,),
        limits=(limit,),
    )
    assert found[0] == "night  running  0/3 done"
    assert found[1] == "waiting 1  running 1  failed 1"
    assert found[2].startswith("limit trapi: until ")
    assert found[2].endswith("in 1h55m: resets 4am")
    assert found[4].split() == ["g", "running", "2/4", "1/11", "2"]
    assert found[5] == "failed  g/b  auth  401"
    assert found[6] == "running  g/a  3/9"
    assert len(found) == 7


def test_limits_of_a_batch_that_is_done_are_history() -> None:
    limit = LimitRow(limit="trapi", held_until=NOW, reason="x", since=NOW, state="ramping")
    assert text(row("g/a", "succeeded"), limits=(limit,), state="done") == ["night  done  1/1 done"]


def test_the_breaker_is_told() -> None:
    group = GroupRow(group="g", parallel=4, running=0, state="held", breaker="open", counts=COUNTS)
    assert "open!" in text(row("g/a"), groups=(group,))[3]


def test_needs_come_first_and_are_wrapped() -> None:
    need = NeedsYou(
        what="trapi",
        since=NOW,
        why="login expired (AADSTS700082)",
        command="az login --use-device-code; overnight resume trapi",
    )
    found = text(row("g/a"), needs_you=(need,))
    assert found[0].startswith("NEEDS YOU  trapi: login expired")
    assert "overnight resume trapi" in " ".join(found[:3])
    assert lines(status(board_of(needs_you=(need,))), NOW, bold=True)[0].startswith("\x1b[1m")


def test_what_is_under_way_stands_above_the_groups() -> None:
    pull = UnderWay(what="pull x", since=1.0, text="pulling x: 2 of 4 MB")
    found = text(row("g/a"), under_way=(pull,))
    assert "pulling x: 2 of 4 MB" in found[:4]


def test_a_long_story_leaves_room_for_the_command() -> None:
    for length in (10, 130, 150, 400):
        need = NeedsYou(
            what="trapi",
            since=NOW - 60,
            why="refresh failed: AADSTS700082: " + "the token has expired " * (length // 20),
            command="az login --use-device-code; overnight resume trapi",
        )
        found = text(row("g/a"), needs_you=(need,))
        told = " ".join(line.strip() for line in found[:3])
        assert told.startswith("NEEDS YOU  trapi: refresh failed: AADSTS700082")
        assert "→ az login --use-device-code; overnight resume trapi" in told


def test_what_has_no_command_is_told_whole() -> None:
    why = "/srv/evals/night/.overnight/night has no space: nothing is launched until there is"
    found = text(row("g/a"), needs_you=(NeedsYou(what="disk", since=NOW, why=why, command=""),))
    told = " ".join(line.strip() for line in found[:2])
    assert why in told
    assert "→" not in told


def test_a_limit_tells_what_is_done_about_it() -> None:
    limit = LimitRow(
        limit="trapi", held_until=None, reason="before g starts", since=NOW, state="refreshing"
    )
    assert "limit trapi: refreshing: before g starts" in text(row("g/a"), limits=(limit,))


def test_control_sequences_do_not_reach_the_terminal() -> None:
    found = text(row("g/a", "failed", error_class="unknown", cause="\x1b[31mred\x07\nnext"))
    assert all(line.isprintable() for line in found)


WORDS = st.text(max_size=90)


@given(
    words=st.lists(WORDS, max_size=30),
    needs=st.lists(WORDS, max_size=6),
    groups=st.lists(WORDS, max_size=12),
)
def test_it_always_fits(words: list[str], needs: list[str], groups: list[str]) -> None:
    found = text(
        *(
            row(f"g/{n}{word}", PHASES[n % len(PHASES)], cause=word, error_class="auth")
            for n, word in enumerate(words)
        ),
        needs_you=tuple(NeedsYou(what=w, since=1.0, why=w, command=w) for w in needs),
        limits=tuple(
            LimitRow(limit=w, held_until=None, reason=w, since=0, state="held") for w in needs
        ),
        advice=tuple(Advice(group=w, parallel=9, suggested=1, why=w) for w in needs),
        groups=tuple(
            GroupRow(group=w, parallel=1, running=0, state="held", breaker="closed", counts=COUNTS)
            for w in groups
        ),
    )
    assert len(found) <= HEIGHT
    assert max(map(width_of, found)) <= WIDTH
    assert all(line.isprintable() for line in found)
    assert not needs or found[0].startswith("NEEDS YOU")


def test_advice_names_its_knob_and_the_command_and_groups_their_notes() -> None:
    group = GroupRow(
        group="g", parallel=2, running=2, state="running", breaker="closed",
        counts=COUNTS, note="2 of 1..5",
    )  # fmt: skip
    advice = (
        Advice(group="g", parallel=20, suggested=5, why="57 of 60 idle", knob="capsules"),
        Advice(group="h", parallel=4, suggested=2, why="3 rate limits"),
    )
    found = text(row("g/a", "running"), groups=(group,), advice=advice)
    assert "g: 2 of 1..5" in found
    assert "advice g capsules: 20 → 5: 57 of 60 idle" in found
    assert "advice h: 4 → 2: 3 rate limits" in found
    assert "  to take it: overnight parallel --advice" in found


def test_containers_are_counted_where_there_are_any() -> None:
    found = text(row("g/a"), containers=ContainerCounts(busy=3, idle=37, dead_idle=20, exited=1))
    assert "containers: 3 busy, 37 idle, 20 dead-idle, 1 exited" in found
    for none in (None, ContainerCounts()):
        assert not [line for line in text(row("g/a"), containers=none) if "containers" in line]


def test_a_runner_that_waits_says_until_when() -> None:
    told = Told(item="q4", wait=Wait(until=NOW + 600, why="resets 4pm"))
    (line,) = (
        one for one in text(row("g/a", "running", told=told)) if one.startswith("running  g")
    )
    assert line.startswith("running  g/a  waits until ")
