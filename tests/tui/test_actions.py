from collections import Counter

from supervisor.cli.commands import BY_NAME
from supervisor.tui.actions import ACTIONS, bindings, here, key_table, keys_of, method_of
from supervisor.tui.app import OvernightApp
from supervisor.tui.places import SCREENS, load
from supervisor.tui.widgets.listing import Listing
from supervisor.tui.widgets.reading import Reading


def test_no_key_means_two_things_on_a_screen() -> None:
    for place in SCREENS:
        keys = Counter(key for action in here(place.name) for key in action.keys)
        assert [key for key, times in keys.items() if times > 1] == []


def test_ids_and_words_are_unique() -> None:
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    words = [action.words for action in ACTIONS if action.words]
    assert len(set(words)) == len(words)


def test_every_action_has_someone_who_does_it() -> None:
    for action in ACTIONS:
        if action.scope == "screen":
            assert any(hasattr(load(place), method_of(action)) for place in SCREENS), action.id
        for doer in {"app": (OvernightApp,), "screen": (), "list": (Listing, Reading)}[
            action.scope
        ]:
            assert hasattr(doer, method_of(action)), (action.id, doer)


def test_only_ctrl_c_comes_before_what_is_typed() -> None:
    priority = [binding.key for binding in bindings("app") if binding.priority]
    assert priority == ["ctrl+c"]


def test_keys_are_written_as_people_do() -> None:
    down = next(action for action in ACTIONS if action.id == "move(1)")
    assert keys_of(down) == "↓ j"


def test_the_table_for_readers_has_every_key() -> None:
    table = key_table().splitlines()
    assert len(table) == 2 + len(ACTIONS)
    assert (
        "| `q` `ctrl+c` | leave | Leave the screen; the engine and its tasks run on |  |" in table
    )


def test_every_action_has_a_name_of_its_own_for_keymap_and_palette() -> None:
    names = [action.name for action in ACTIONS]
    assert all(names)
    assert len(set(names)) == len(names)


def test_what_the_shell_does_too_is_a_command_with_its_flag() -> None:
    for action in ACTIONS:
        name, _, flag = action.command.partition(" ")
        if name:
            flags = {f"--{one.name}" for one in BY_NAME[name].flags}
            letters = {f"-{one.letter}" for one in BY_NAME[name].flags if one.letter}
            assert not flag or flag in flags | letters, action.command


def test_kept_keys_stay_and_others_are_found_by_the_id_of_their_action() -> None:
    ids = {binding.key: binding.id for binding in bindings("app")}
    assert (ids["q"], ids["ctrl+c"]) == ("leave", None)
    keys = {binding.id: binding.key for binding in bindings("screen")}
    assert keys["first"] == "unbound.first"
    assert all(set(action.kept) <= set(action.keys) for action in ACTIONS)
