import sys

import pytest

from supervisor.tui.diff import ScreenDiff
from supervisor.tui.wire import Untouched, best_wire


def test_the_diff_is_taken_where_it_works() -> None:
    assert isinstance(best_wire(), ScreenDiff)


def test_another_textual_gets_its_own_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "supervisor.tui.diff", None)
    wire = best_wire()
    assert isinstance(wire, Untouched)
    update = object()
    wire.forget()
    assert wire.lighter(update) is update
