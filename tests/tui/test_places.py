from supervisor.tui.places import SCREENS, load
from supervisor.tui.screens.batch import BatchScreen


def test_every_screen_can_be_loaded_and_knows_its_name() -> None:
    for place in SCREENS:
        kind = load(place)
        assert issubclass(kind, BatchScreen)
        assert place.name == kind.PLACE


def test_keys_are_the_numbers_in_their_order() -> None:
    keys = [place.key for place in SCREENS]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)
