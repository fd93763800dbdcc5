from dataclasses import replace

from supervisor.core.board import LimitCost, NeedsYou
from supervisor.core.class_cures import cure
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.link import Link
from supervisor.tui.paragraphs import Text
from supervisor.tui.summary import summary
from tests.fakes.engine import board_of, row

LIVE, ENDED = Link(state="live"), Link(state="ended")
NIGHT = board_of(
    row("g/a", "succeeded", attempt=1),
    row("g/b", "succeeded", attempt=3),
    row("g/c", "failed", attempt=4, error_class="auth", cause="token expired 02:04"),
    row("g/d", "failed", attempt=4, error_class="auth", cause="token expired 02:07"),
    row("g/e", "failed", attempt=1, error_class="auth", cause="no login at all"),
    row("g/f", "aborted", cause="5 consecutive failures"),
    row("g/g", "cancelled"),
    state="done",
    started_at=1000.0,
    as_of=8200.0,
    source="/home/eva/my night.yaml",
)


def words(text: list[Text]) -> str:
    return "\n".join(item if isinstance(item, str) else item.text for item in text)


def test_what_happened() -> None:
    title, text, _ = summary(NIGHT, LIVE, UNICODE)
    told = words(text)
    assert title == "night: done, not all well"
    assert told.startswith("2 of 7 tasks succeeded in 2h, until ")
    assert "1 of them needed more than one attempt." in told
    assert "1 task cancelled." in told
    assert "Limits" not in told


def test_what_limits_cost_the_dearest_first() -> None:
    costs = (
        LimitCost(limit="claude", pauses=1, waited_s=720, lost_s=1800),
        LimitCost(limit="trapi", pauses=3, waited_s=10800, lost_s=214 * 3600),
    )
    told = words(summary(replace(NIGHT, head=replace(NIGHT.head, costs=costs)), LIVE, UNICODE)[1])
    assert "Limits held for 3h12m, which cost 214 task-hours:" in told
    assert "  trapi: 3h in 3 pauses, 214 task-hours\n  claude: 12m in 1 pause, 0.5" in told


def test_what_failed_by_class_with_its_cure() -> None:
    told = words(summary(NIGHT, LIVE, UNICODE)[1])
    assert "4 tasks did not succeed:" in told
    assert f"✗ 3 auth     → {cure('auth')}" in told
    assert "    token expired 02:04 (and 1 other cause)" in told
    assert f"⊘ 1 aborted  → {cure('aborted')}" in told


def test_what_now_while_the_engine_is_there() -> None:
    _, text, options = summary(NIGHT, LIVE, UNICODE)
    told = words(text)
    assert [option.key for option in options] == ["R"]
    assert "overnight retry --failed -b night" in told
    assert "overnight run" not in told
    assert summary(NIGHT, LIVE, UNICODE, read_only=True)[2] == []


def test_what_now_when_it_has_ended() -> None:
    board = board_of(row("g/a"), row("g/b", "failed"), state="stopped", source="n.yaml")
    title, text, options = summary(board, ENDED, UNICODE)
    told = words(text)
    assert title == "night: stopped, not all well"
    assert "1 task not finished." in told
    assert "go on            overnight run n.yaml\n" in told
    assert "overnight run n.yaml --retry-errors" in told
    assert options == []
    assert "overnight run '/home/eva/my night.yaml' --retry-errors" in words(
        summary(NIGHT, ENDED, UNICODE)[1]
    )
    old = replace(NIGHT, head=replace(NIGHT.head, source=""))
    assert "overnight run FILE" in words(summary(old, ENDED, UNICODE)[1])


def test_a_clean_night_is_short() -> None:
    board = board_of(row("g/a", "succeeded"), state="done")
    title, text, options = summary(board, LIVE, UNICODE)
    assert title == "night: done"
    assert "not" not in words(text)
    assert len(text) == 4
    assert options == []


def test_before_the_end_it_says_so_and_what_needs_you() -> None:
    need = NeedsYou(what="trapi", since=1000.0, why="login expired", command="az login")
    board = board_of(row("g/a", "running"), needs_you=(need,))
    title, text, _ = summary(board, LIVE, UNICODE)
    assert title == "night: so far"
    assert "trapi: login expired: az login" in words(text)


def test_ascii_is_ascii() -> None:
    assert words(summary(NIGHT, LIVE, ASCII)[1]).isascii()
