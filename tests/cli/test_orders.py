"""Intents over the socket."""

import asyncio

import pytest

from supervisor.cli.batches import Entry
from supervisor.cli.orders import order
from supervisor.cli.person import who
from supervisor.cli.words import CommandError
from supervisor.core.intents import Pause
from supervisor.ports import Answer
from tests.cli.conftest import Night


async def test_the_engine_has_the_last_word(
    night: Night, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = Entry({"socket": night.info.socket})
    night.engine.answer = Answer(ok=True, messages=("paused: g",))
    await asyncio.to_thread(order, entry, Pause())
    assert capsys.readouterr().out == "paused: g\n"
    night.engine.answer = Answer(ok=False)
    with pytest.raises(CommandError, match="the engine refused"):
        await asyncio.to_thread(order, entry, Pause())
    assert [intent for intent, _ in night.engine.wanted] == [Pause(), Pause()]


async def test_the_reason_goes_with_who_wants_it(night: Night) -> None:
    entry = Entry({"socket": night.info.socket})
    await asyncio.to_thread(order, entry, Pause(), "azure\nis \x1b[31mdown")
    assert [who for _, who in night.engine.wanted] == [f"{who()} (azure is ?[31mdown)"]
