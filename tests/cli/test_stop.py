"""Three ways to end an engine."""

import asyncio
import signal

import pytest

from supervisor.core.intents import Stop
from tests.cli.conftest import Night, Place, Said, call
from tests.support import until


async def stopped(night: Night, *argv: str) -> Said:
    async with asyncio.TaskGroup() as group:
        stopping = group.create_task(night.overnight("stop", *argv))
        await until(lambda: night.engine.wanted)
        assert not stopping.done()
        await asyncio.to_thread(night.end_process)
    return stopping.result()


@pytest.mark.parametrize(
    ("argv", "mode"),
    [((), "stop"), (("night", "--yes"), "stop"), (("--leave-running",), "leave_running")],
)
async def test_it_returns_when_the_engine_is_gone(
    night: Night, argv: tuple[str, ...], mode: str
) -> None:
    said = await stopped(night, *argv)
    assert (said.code, said.err) == (0, "")
    assert [intent for intent, _ in night.engine.wanted] == [Stop(mode=mode)]  # type: ignore[arg-type]


async def test_a_drain_is_not_waited_for(night: Night) -> None:
    said = await night.overnight("stop", "--drain")
    assert said.code == 0
    assert [intent for intent, _ in night.engine.wanted] == [Stop(mode="drain")]


async def test_dry_run_lists_what_runs(night: Night) -> None:
    said = await night.overnight("stop", "--dry-run")
    assert said.out == "stop night; running now: 1\n  g/a\n"
    assert not night.engine.wanted


async def test_not_both(night: Night) -> None:
    assert (await night.overnight("stop", "--drain", "--leave-running")).code == 1
    assert not night.engine.wanted


def test_an_engine_of_another_version_gets_a_signal(place: Place) -> None:
    place.running(api=99)
    assert call("stop", "--leave-running").code == 0
    assert place.processes[0].wait() == -signal.SIGTERM


def test_none_runs(place: Place) -> None:
    place.ended()
    assert call("stop").code == 1
