"""An engine is asked if it runs; if it went meanwhile, nobody answers."""

import asyncio

import pytest

from supervisor.cli import asking
from supervisor.cli.batches import at_directory
from supervisor.cli.words import CommandError
from tests.cli.conftest import Night, Place


async def test_a_running_one_answers(night: Night) -> None:
    entry = at_directory(night.info.directory)
    assert entry is not None
    night.engine.reasons["g/a"] = ("x",)
    assert await asyncio.to_thread(asking.live, entry, "/v1/why", task="g/a")
    with pytest.raises(CommandError, match="no task"):
        await asyncio.to_thread(asking.live, entry, "/v1/why", task="nope")


def test_none_runs_or_it_went(place: Place) -> None:
    for info in (place.ended(), place.running()):
        entry = at_directory(info.directory)
        assert entry is not None
        assert asking.live(entry, "/v1/status") is None


def test_files_are_read_by_another_module() -> None:
    assert asking.offline().__name__ == "supervisor.cli.offline"
