"""The parts of a batch go apart and come together again."""

from supervisor.core.opened import Opened
from tests.fakes.night import begun


def test_loaded_parts_make_the_batch_they_came_from() -> None:
    batch = begun(["g/a", "g/b"])
    assert Opened(batch).batch() == batch


def test_loading_another_batch_forgets_the_first() -> None:
    parts = Opened(begun(["g/a"]))
    other = begun(["h/x", "h/y"])
    parts.load(other)
    assert parts.changed
    assert parts.batch() == other
