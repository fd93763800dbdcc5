import re

import pytest

from supervisor.core.intents import Pause
from supervisor.core.names import GroupId
from supervisor.core.own_keys import OwnKeys
from supervisor.tui.actions import ACTIONS
from supervisor.tui.keymap import DEFAULT, keymap_of
from supervisor.tui.settings import Settings
from tests.tui.piloting import flying


def line(action: str, *keys: str, at: int = 1) -> OwnKeys:
    return OwnKeys(where=f"keys.yaml:{at}", action=action, keys=keys)


def test_without_lines_all_is_as_in_the_registry() -> None:
    keymap, faults = keymap_of([])
    assert keymap.actions == ACTIONS == DEFAULT.actions
    assert (keymap.for_textual(), faults) == ({}, ())


def test_an_action_gets_other_keys_and_keeps_its_way_out() -> None:
    keymap, faults = keymap_of([line("Pause batch", "F5", "b"), line("leave", "X")])
    assert faults == ()
    assert keymap.chosen == {"pause_batch": ("f5", "b"), "leave": ("X", "ctrl+c")}
    assert keymap.for_textual() == {"pause_batch": "f5,b", "leave": "X"}
    assert keymap.key("pause_batch") == "F5"
    assert keymap.instead_of("P") == "F5"
    assert keymap.instead_of("q") == "X"
    assert keymap.instead_of("!") == "!"


def test_an_action_without_keys_gets_some_and_another_loses_all() -> None:
    keymap, faults = keymap_of([line("run first", "F"), line("why")])
    assert faults == ()
    assert keymap.for_textual() == {"first": "F", "why": "unbound.why"}
    assert keymap.key("why") == keymap.instead_of("w") == keymap.key("no such") == ""
    assert (keymap.instead_of("no key of ours"), keymap.instead_of("")) == ("no key of ours", "")


def test_two_may_change_places() -> None:
    keymap, faults = keymap_of([line("pause", "P"), line("pause batch", "p")])
    assert faults == ()
    assert (keymap.key("pause_group"), keymap.key("pause_batch")) == ("P", "p")


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        ([line("pauze", "p", at=3)], 'keys.yaml:3: unknown action "pauze", did you mean "pause"?'),
        ([line("xyzzy", "p")], 'unknown action "xyzzy" (`overnight keys` lists them)'),
        ([line("pause", "spacce")], '"spacce" is no key, did you mean "space"?'),
        ([line("pause", "ctrl+c")], '"ctrl+c" always means "leave"'),
        ([line("pause", "b"), line("Pause", "v", at=2)], "keys.yaml:2: \"Pause\" is named in keys.yaml:1"),
        ([line("pause", "w", at=7)], 'keys.yaml:7: "w" means "why" already'),
        ([line("pause", "b"), line("why", "b", at=2)], 'keys.yaml:2: "b" means "pause" already'),
        ([line("inspect", "s")], '"s" means "sort" already'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_and_changes_nothing(lines: list[OwnKeys], fault: str) -> None:
    keymap, faults = keymap_of(lines)
    assert len(faults) == 1
    assert fault in faults[0]
    assert len(keymap.chosen) == len(lines) - 1


def test_taking_a_line_back_may_bring_another_clash() -> None:
    keymap, faults = keymap_of([line("why", "p"), line("pause", "l", at=2)])
    assert [fault.partition(": ")[0] for fault in faults] == ["keys.yaml:2", "keys.yaml:1"]
    assert keymap.chosen == {}


def test_screens_that_never_meet_may_share_a_key() -> None:
    keymap, faults = keymap_of([line("inspect", "n"), line("wrap", "i")])
    assert faults == ()
    assert keymap.key("wrap") == "i"
    assert any(action.id == "wrap" for action in keymap.here("log"))
    assert not any(action.id == "wrap" for action in keymap.here("overview"))


async def test_the_program_follows_the_keymap_everywhere() -> None:
    lines = [line("pause", "F3"), line("cure", "F9"), line("containers", "F4"), line("down", "F2")]
    lines += [line("run first", "F7"), line("leave", "F6"), line("stop task")]
    keymap, faults = keymap_of(lines)
    assert faults == ()
    async with flying(size=(120, 40), settings=Settings(keymap=keymap)) as flight:
        footer = flight.text().splitlines()[-1]
        assert "F3 pause" in footer
        assert "F6 leave" in footer
        assert "stop task" not in footer
        assert "[F9]" in flight.text()
        await flight.press("p", "K", "q")
        assert flight.fake.wanted == []
        assert flight.app.screen is flight.overview
        await flight.press("f3")
        assert await flight.wanted() == [Pause(group=GroupId("scicode"))]
        await flight.press("f2", "j")
        assert flight.overview.tasks.cursor == 1
        await flight.press("question_mark")
        assert "F3  Pause the row's group" in flight.text()
        await flight.press("escape", "f4")
        assert flight.app.current_mode == "containers"
        await flight.press("1", "colon", *"pause")
        assert re.search(r"pause +Pause the row's group.* F3 ", flight.text())
        await flight.press("escape", "f6")
        assert flight.app.return_value == "left"


async def test_ctrl_c_leaves_whatever_the_keymap_says_and_typed_text_does_not() -> None:
    keymap, _ = keymap_of([line("leave", "ü")])
    async with flying(settings=Settings(keymap=keymap)) as flight:
        await flight.press("slash", *"eüe", "enter")
        assert "eüe" in flight.text()
        await flight.press("ctrl+c")
        assert flight.app.return_value == "left"
