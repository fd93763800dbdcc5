"""Ends that left nothing are told from the others by one look at our children."""

import asyncio
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.adapters.local.launching import Launching
from supervisor.adapters.local.parting import Parting
from supervisor.adapters.local.roster import Roster
from supervisor.core.models import TaskId
from supervisor.ports import Ref


@pytest.fixture(params=[False, True], ids=["ours", "nobody's"])
def stranger(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether a child of ours has a session of its own, which no attempt is known to have."""
    apart = bool(request.param)
    with subprocess.Popen(["sleep", "60"], start_new_session=apart) as child:
        yield apart
        child.kill()


async def test_a_child_that_nobody_started_makes_every_end_worth_a_thorough_look(
    tmp_path: Path, stranger: bool
) -> None:
    roster = Roster(str(tmp_path))
    leftovers: list[TaskId] = []
    concluded: list[TaskId] = []
    parting = Parting(
        roster,
        Launching(),
        loop=asyncio.get_running_loop(),
        leftovers=lambda attempt: leftovers.append(attempt.ref.task),
        conclude=lambda attempt: concluded.append(attempt.ref.task),
    )
    ended = [TaskId("g/a"), TaskId("g/b")]
    for each in ended:
        attempt = roster.enter(Ref(each, 1))
        assert attempt is not None
        parting.ended(attempt)
    assert not [*leftovers, *concluded], "the look comes in the next turn of the loop"
    await asyncio.sleep(0)
    assert (leftovers, concluded) == ((ended, []) if stranger else ([], ended))
