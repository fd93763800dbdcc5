"""A night for each test, stopped at its end whatever happened."""

from collections.abc import Generator
from pathlib import Path

import pytest

from tests.e2e.night import Night


@pytest.fixture
def night(tmp_path: Path, own_home: Path) -> Generator[Night]:
    """Give a folder for one batch; its engine and tasks are ended afterwards."""
    night = Night(tmp_path, own_home)
    yield night
    night.stop()
