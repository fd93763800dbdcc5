"""One command of the table."""

from supervisor.cli.command import BATCH, JSON, YES, Command


def test_flags_that_follow_from_what_it_is() -> None:
    assert Command("look", "", "look", YES, reads=True).flags == (YES, JSON, BATCH)
    assert Command("make", "", "make", batch=False).flags == ()


def test_its_module_is_called_as_it_is() -> None:
    assert Command("look", "", "look").module == "look"
    assert Command("look", "", "look", module="eyes").module == "eyes"
    assert Command("look", "", "look").most == 0
