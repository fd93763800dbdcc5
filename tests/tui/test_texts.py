from supervisor.tui.actions import ACTIONS
from supervisor.tui.glyphs import ASCII, UNICODE
from supervisor.tui.screens.dialog import Text
from supervisor.tui.steering import STOPS
from supervisor.tui.texts import STOP_OPTIONS, help_text, parting
from tests.fakes.engine import board_of, row


def words(text: list[Text]) -> str:
    return "\n".join(item if isinstance(item, str) else item.text for item in text)


def test_help_has_every_key() -> None:
    shown = words(help_text(ACTIONS, UNICODE))
    assert all(action.help in shown for action in ACTIONS if action.keys)
    assert words(help_text(ACTIONS, ASCII)).isascii()


def test_each_way_to_stop_has_its_intent() -> None:
    assert {option.value for option in STOP_OPTIONS} == set(STOPS)


def test_the_last_words() -> None:
    board = board_of(row("g/a", "running"), batch="my night")
    assert parting(board, over=False).endswith("overnight attach 'my night'")
    done = board_of(row("g/a", "succeeded"), row("g/b", "failed"), state="done")
    assert parting(done, over=True) == (
        "night is done: 1 of 2 succeeded, 1 did not; overnight failed -b night"
    )
