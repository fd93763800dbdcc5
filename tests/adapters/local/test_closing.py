"""Rounds over those whose end takes longer."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from supervisor.adapters.local import closing
from supervisor.adapters.local.attempt import Attempt
from supervisor.adapters.local.closing import Closing, Kind, Seen
from supervisor.adapters.local.members import Target
from tests.contract.backend_rigs import ref
from tests.support import until

Result = TypeVar("Result")


class Desk:
    """Counts rounds, and settles nobody by itself."""

    def __init__(self) -> None:
        self.rounds: list[Seen] = []
        self.crashes: list[BaseException] = []
        self.attempts: list[Attempt] = []
        self.closing = Closing(
            uuid="u",
            grace_s=0.1,
            loop=asyncio.get_running_loop(),
            in_thread=self.in_thread,
            everyone=self.targets,
            served=self.rounds.append,
            crashed=self.crashes.append,
        )

    def in_thread(self, work: Callable[[], Result], /) -> "asyncio.Future[Result]":
        return asyncio.get_running_loop().run_in_executor(None, work)

    def targets(self) -> Sequence[Target]:
        return [each.target() for each in self.attempts]

    def enter(self, directory: Path) -> Attempt:
        attempt = Attempt(ref=ref(str(len(self.attempts))), directory=str(directory))
        self.attempts.append(attempt)
        return attempt


async def test_rounds_are_held_only_while_somebody_waits(tmp_path: Path) -> None:
    desk = Desk()
    desk.closing.hurry()
    await asyncio.sleep(0.05)
    assert desk.rounds == []
    attempt = desk.enter(tmp_path)
    desk.closing.open(attempt, Kind.HEADLESS)
    await until(lambda: len(desk.rounds) == 2)
    desk.closing.settle(attempt.ref)
    await asyncio.sleep(0.1)
    held = len(desk.rounds)
    await asyncio.sleep(0.1)
    assert len(desk.rounds) == held <= 3
    assert desk.rounds[0].members == {attempt.ref: []}
    desk.closing.close()


async def test_a_round_that_fails_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object, **named: object) -> None:
        raise RuntimeError("no /proc")

    monkeypatch.setattr(closing, "look", fail)
    desk = Desk()
    desk.closing.open(desk.enter(tmp_path), Kind.LEFTOVERS)
    await until(lambda: desk.crashes)
    assert str(desk.crashes[0]) == "no /proc"
    desk.closing.close()


async def test_a_torn_claim_without_a_writer_is_judged(tmp_path: Path) -> None:
    (tmp_path / "started").touch()
    desk = Desk()
    attempt = desk.enter(tmp_path)
    desk.closing.open(attempt, Kind.UNDECIDED)
    await until(lambda: desk.rounds)
    assert "died before the command began" in str(desk.rounds[0].judgements[attempt.ref])
    desk.closing.close()


async def test_a_closed_desk_holds_no_more_rounds(tmp_path: Path) -> None:
    desk = Desk()
    desk.closing.open(desk.enter(tmp_path), Kind.HEADLESS)
    desk.closing.close()
    await asyncio.sleep(0.05)
    assert desk.rounds == []
