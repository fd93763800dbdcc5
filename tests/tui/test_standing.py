from supervisor.core.own_keys import OwnKeys
from supervisor.tui.keymap import keymap_of
from supervisor.tui.settings import Settings
from supervisor.tui.standing import standing
from tests.tui.piloting import flying


def test_nothing_stands_where_all_is_well() -> None:
    assert standing(Settings()) == ()


def test_the_first_complaint_is_told_with_the_way_to_the_others() -> None:
    (notice,) = standing(Settings(complaints=("/home/me/keys.yaml:2: \x1b[31mno/yes", "b", "c")))
    assert notice.text == "keys.yaml:2: no/yes (2 more: overnight doctor)"


def test_the_hint_names_the_keys_in_force() -> None:
    keymap, _ = keymap_of([OwnKeys(where="", action="help", keys=("F1",))])
    (notice,) = standing(Settings(newcomer=True, keymap=keymap))
    assert notice.text == "F1 all keys, : any command by name, q leaves, and the batch runs on"


async def test_a_newcomer_is_greeted_until_he_has_found_the_help_and_only_once() -> None:
    kept: dict[str, str] = {}
    settings = Settings(newcomer=True, remember=kept.__setitem__)
    async with flying(settings=settings) as flight:
        assert "NEW HERE" in flight.text()
        assert kept == {"greeted": "yes"}
        await flight.press("j", "3")
        assert "NEW HERE" in flight.text()
        await flight.press("?", "escape")
        assert "NEW HERE" not in flight.text()
        assert "NEEDS YOU" in flight.text()


async def test_complaints_stay() -> None:
    settings = Settings(complaints=("keys.yaml:2: unknown action",))
    async with flying(settings=settings, size=(120, 40)) as flight:
        await flight.press("?", "escape", "2")
        assert "FILES  keys.yaml:2: unknown action (overnight doctor)" in flight.text()
