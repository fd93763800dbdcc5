"""Calls are made one after the other, and one that fails is shown and blocks nothing."""

import asyncio
from dataclasses import replace

import pytest

from supervisor.core.effects import EndEngine, Page
from supervisor.core.message import Message
from supervisor.core.models import NotifySpec
from supervisor.core.state import Batch, fresh
from supervisor.engine import calls
from supervisor.engine.calls import Calls
from tests.engine.batches import spec_of
from tests.fakes.notifier import FakeNotifier
from tests.support import ManualClock, until

PAGE = Page(event="needs_you", what="trapi", since=5.0, why="expired", command="az login")


class Bench:
    def __init__(self, notifier: FakeNotifier | None = None) -> None:
        self.notifier = notifier if notifier is not None else FakeNotifier()
        self.banners: dict[str, str | None] = {}
        self.batch = fresh(replace(spec_of("g/a"), notify=NotifySpec(run="page")), "u", 0.0)
        self.calls = Calls(self.notifier, ManualClock(), self.banner)

    def banner(self, key: str, text: str | None, command: str) -> None:
        self.banners[key] = text


async def test_what_was_ordered_before_the_end_is_still_told() -> None:
    one = Bench()
    one.calls.perform(one.batch, (PAGE, EndEngine(why="done"), replace(PAGE, what="other")))
    one.calls.close()
    await one.calls.run()
    assert [told.splitlines()[0].rpartition(": ")[2] for told in one.notifier.told] == [
        "trapi",
        "other",
    ]


async def test_a_failure_is_shown_until_a_call_gets_through() -> None:
    one = Bench()
    one.notifier.why_not = "exit 1: no pager"
    async with asyncio.TaskGroup() as group:
        group.create_task(one.calls.run())
        one.calls.perform(one.batch, (PAGE,))
        await until(lambda: one.banners)
        assert one.banners == {"notify": "you could not be called: exit 1: no pager"}
        one.notifier.why_not = ""
        one.calls.perform(one.batch, (PAGE,))
        await until(lambda: one.banners["notify"] is None)
        one.notifier.broken = True
        one.calls.perform(one.batch, (PAGE,))
        await until(lambda: one.banners["notify"] is not None)
        one.calls.close()


async def test_without_a_notify_nothing_is_kept() -> None:
    one = Bench()
    one.calls.perform(replace_notify(one), (PAGE,))
    nobody = Calls(None, ManualClock(), one.banner)
    nobody.perform(one.batch, (PAGE,))
    for each in (one.calls, nobody):
        each.close()
        await each.run()
    assert one.notifier.told == []


def replace_notify(one: Bench) -> Batch:
    """The same batch without a ``notify``."""
    return replace(one.batch, head=replace(one.batch.head, notify=None))


async def test_the_end_waits_for_no_pager_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hanging(FakeNotifier):
        async def call(self, notify: NotifySpec, message: Message) -> str:
            self.told.append(message.text)
            await asyncio.Event().wait()
            return ""

    monkeypatch.setattr(calls, "_LAST_S", 0.05)
    one = Bench(Hanging())
    async with asyncio.TaskGroup() as group:
        group.create_task(one.calls.run())
        one.calls.perform(one.batch, (PAGE,))
        await until(lambda: one.notifier.told)
        one.calls.perform(one.batch, (PAGE,))
        one.calls.close()
    assert len(one.notifier.told) == 1
