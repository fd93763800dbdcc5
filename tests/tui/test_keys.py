import pytest

from supervisor.tui.actions import ACTIONS
from supervisor.tui.keys import key_name, parsed_key


def test_keys_are_written_as_people_do() -> None:
    assert key_name("question_mark") == "?"
    assert (key_name("x"), key_name("f5")) == ("x", "F5")
    assert (key_name("up"), key_name("up", ascii_only=True)) == ("↑", "Up")
    assert key_name("shift+down", ascii_only=True) == "shift+Down"
    assert key_name("ctrl+left_square_bracket") == "ctrl+["
    assert key_name("ü", ascii_only=True) == "?"


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("+", "plus"), ("p", "p"), ("P", "P"), ("Ctrl+P", "ctrl+p"), ("F5", "f5"), ("Space", "space"),
        ("PgDn", "pagedown"), ("S-Tab", "shift+tab"), ("shift+a", "A"), ("shift+up", "shift+up"),
        ("?", "question_mark"), ("minus", "minus"), ("alt+x", "alt+x"), ("ü", "ü"), ("↑", "up"),
        ("ctrl+\\", "ctrl+backslash"), ("alt++", "alt+plus"), ("alt+shift+a", "alt+shift+a"), ("#", "number_sign"),
    ],
)  # fmt: skip
def test_what_people_write_is_understood(written: str, key: str) -> None:
    assert parsed_key(written) == key


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("pagdown", 'did you mean "pagedown"?'),
        ("", "is no key"),
        ("x y", "is no key"),
        ("ctrl+i", "from Tab"),
        ("ctrl+[", "from Esc"),
        ("shift+f5", "without shift"),
        ("ctrl++", "do not send"),
        ("hyper+x", "ctrl, shift or alt"),
        ("ctrl+ctrl+x", "once"),
        ("\x01", "control character"),
    ],
)
def test_what_is_no_key_is_said(written: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("?", r"\?")):
        parsed_key(written)


def test_every_key_that_is_shown_can_be_written_so() -> None:
    for action in ACTIONS:
        assert [parsed_key(key_name(key)) for key in action.keys] == list(action.keys)
