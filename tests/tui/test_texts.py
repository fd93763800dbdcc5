from supervisor.tui.actions import ACTIONS
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.link import Link
from supervisor.tui.screens.dialog import Text
from supervisor.tui.steering import STOPS
from supervisor.tui.texts import STOP_OPTIONS, help_text, parting, summary
from tests.fakes.engine import board_of, row

LIVE = Link(state="live")


def words(text: list[Text]) -> str:
    return "\n".join(item if isinstance(item, str) else item.text for item in text)


def test_help_has_every_key() -> None:
    shown = words(help_text(ACTIONS, UNICODE))
    assert all(action.help in shown for action in ACTIONS if action.keys)
    assert words(help_text(ACTIONS, ASCII)).isascii()


def test_each_way_to_stop_has_its_intent() -> None:
    assert {option.value for option in STOP_OPTIONS} == set(STOPS)


def test_the_summary_says_what_happened_what_failed_what_now() -> None:
    board = board_of(
        row("g/a", "succeeded", attempt=1),
        row("g/b", "succeeded", attempt=3),
        row("g/c", "failed", attempt=4, error_class="auth", cause="token expired"),
        row("g/d", "aborted", cause="5 consecutive failures"),
        row("g/e", "cancelled"),
        state="done",
        started_at=1000.0,
        as_of=8200.0,
    )
    title, text, options = summary(board, LIVE, UNICODE)
    shown = words(text)
    assert title == "night: done, not all well"
    assert "2 of 5 tasks succeeded in 2h00" in shown
    assert "1 of them needed more than one attempt" in shown
    assert "1 task cancelled" in shown
    assert "2 did not succeed: 1 auth, 1 aborted" in shown
    assert "✗ g/c: token expired" in shown
    assert [option.key for option in options] == ["R"]


def test_a_clean_night_is_short() -> None:
    title, text, options = summary(board_of(row("g/a", "succeeded"), state="done"), LIVE, UNICODE)
    assert title == "night: done"
    assert "not" not in words(text)
    assert options == []


def test_a_stopped_batch_says_how_to_go_on() -> None:
    board = board_of(row("g/a"), row("g/b", "failed"), state="stopped")
    title, text, options = summary(board, Link(state="ended"), UNICODE)
    assert title == "night: stopped, not all well"
    assert "1 task not finished: `overnight run` goes on" in words(text)
    assert options == []


def test_long_lists_of_failures_are_cut() -> None:
    rows = [row(f"g/{number}", "failed", error_class="unknown") for number in range(12)]
    _, text, _ = summary(board_of(*rows, state="done"), LIVE, UNICODE)
    assert "and 4 more; overnight failed lists them" in words(text)


def test_the_last_words() -> None:
    board = board_of(row("g/a", "running"), batch="my night")
    assert parting(board, over=False).endswith("overnight attach 'my night'")
    done = board_of(row("g/a", "succeeded"), row("g/b", "failed"), state="done")
    assert parting(done, over=True) == (
        "night is done: 1 of 2 succeeded, 1 did not; overnight failed -b night"
    )
