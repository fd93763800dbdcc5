"""What an engine leaves for the next one."""

import asyncio
from pathlib import Path

import pytest

from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.core.phase import Running
from supervisor.engine.launch import read_launch
from tests.engine.batches import spec_of
from tests.engine.night import Night
from tests.support import until


@pytest.fixture
def night(tmp_path: Path) -> Night:
    return Night(tmp_path)


def is_running(night: Night) -> bool:
    return isinstance(night.task("g/a").phase, Running)


def forever(*names: str) -> BatchSpec:
    return spec_of(*names, run=("forever",))


async def test_a_generation_is_kept_at_the_start_and_every_hour(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: night.shelf.generations == 1)

        def an_hour_later() -> bool:
            night.clock.advance(3600)
            return night.shelf.generations == 2

        await until(an_hour_later)


async def test_what_was_to_be_done_once_is_not_done_by_the_next_engine(night: Night) -> None:
    options = RunOptions(retry_errors=True, parallel=2)
    async with night.engine(forever("g/a"), options):
        await until(lambda: (night.home / "state" / "launch.json").exists())
        assert read_launch(night.home / "state")[1] == RunOptions(parallel=2)


async def test_no_room_for_a_copy_is_tried_again_an_hour_later(night: Night) -> None:
    async with night.engine(forever("g/a")):
        await until(lambda: night.shelf.generations == 1)
        await until(lambda: is_running(night))
        night.shelf.full = True
        night.clock.advance(3600)
        await asyncio.sleep(0.05)
        night.shelf.full = False

        def an_hour_later() -> bool:
            night.clock.advance(3600)
            return night.shelf.generations == 2

        await until(an_hour_later)
