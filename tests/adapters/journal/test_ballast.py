"""Space is kept while there is plenty, and given up once."""

from pathlib import Path

import pytest

from supervisor.adapters.journal.ballast import Ballast


def test_it_takes_real_space_and_gives_it_back(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    ballast = Ballast(path, size_bytes=1 << 20)
    ballast.make()
    assert path.stat().st_blocks * 512 >= 1 << 20
    assert ballast.free()
    assert not path.exists()
    assert not ballast.free()


def test_making_it_again_costs_nothing(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    ballast = Ballast(path, size_bytes=4096)
    ballast.make()
    path.unlink()
    ballast.make()
    assert not path.exists()  # it did not even look


def test_that_of_an_earlier_engine_is_given_up_too(tmp_path: Path) -> None:
    path = tmp_path / "ballast"
    Ballast(path, size_bytes=4096).make()
    assert Ballast(path, size_bytes=4096).free()


@pytest.mark.mount
def test_it_is_not_made_when_space_is_short(small_disk: Path) -> None:
    ballast = Ballast(small_disk / "ballast", size_bytes=40 << 20)
    ballast.make()
    assert not ballast.free()
