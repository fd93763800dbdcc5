"""The inbox is bounded, once somebody reads it, and loses nothing."""

import asyncio

from supervisor.core.events import DiskChanged, Tick
from supervisor.engine.inbox import Inbox


async def test_events_come_out_in_order_and_in_bunches() -> None:
    inbox = Inbox()
    events = [DiskChanged(reason=str(number)) for number in range(300)]
    for event in events:
        await inbox.put(event)
    first, second = await inbox.take(), await inbox.take()
    assert [event for event, _ in first + second] == events
    assert len(first) == 256


async def test_writers_wait_while_it_is_full() -> None:
    inbox = Inbox(bound=1)
    inbox.wake()
    assert await inbox.take() == []
    await inbox.put(Tick())
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(inbox.put(Tick()))
        for _ in range(5):
            await asyncio.sleep(0)
        assert not waiting.done()
        assert len(await inbox.take()) == 1
    assert len(await inbox.take()) == 1


async def test_recovery_may_overfill_it_before_anybody_reads() -> None:
    inbox = Inbox(bound=1)
    for _ in range(10):
        await inbox.put(Tick())
    assert len(await inbox.take()) == 10


async def test_what_is_left_can_be_taken_at_the_end() -> None:
    inbox = Inbox()
    asked = asyncio.get_running_loop().create_future()
    inbox.offer(Tick(), asked)
    assert inbox.rest() == [(Tick(), asked)]
    asked.cancel()
