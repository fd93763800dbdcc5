"""Coroutines that somebody keeps going."""

import asyncio

from supervisor.adapters.works import Works
from tests.support import until


async def forever(ended: list[str], name: str = "it") -> None:
    try:
        await asyncio.sleep(1000)
    finally:
        ended.append(name)


async def test_one_of_a_name_goes_on() -> None:
    works, ended = Works(print), list[str]()
    works.start("a", forever(ended, "first"))
    works.start("a", forever(ended, "second"))
    await asyncio.sleep(0)
    await works.end("a", "no such")
    assert ended == ["first"]
    works.start("a", forever(ended, "third"))
    works.close()
    await until(lambda: not works._tasks)


async def test_faults_are_told_and_cancellation_is_none() -> None:
    faults: list[BaseException] = []
    works = Works(faults.append)

    async def fail() -> None:
        raise ValueError("so")

    works.start("a", fail())
    works.start("b", forever([]))
    await until(lambda: faults)
    works.close()
    await until(lambda: not works._tasks)
    assert [str(fault) for fault in faults] == ["so"]


async def test_waits_for_a_kind_but_not_for_ever() -> None:
    works, done = Works(print), list[str]()

    async def soon() -> None:
        await asyncio.sleep(0.02)
        done.append("soon")

    works.start(("remove", 1), soon())
    works.start(("life", 1), forever([]))
    await works.join("remove", 5.0)
    assert done == ["soon"]
    await works.join("life", 0.01)
    works.close()


async def test_after_closing_only_the_last_is_run() -> None:
    works, ended = Works(print), list[str]()
    works.start("a", forever(ended))
    await asyncio.sleep(0)

    async def last() -> None:
        ended.append("last")

    works.close(last())
    works.start("b", forever(ended, "late"))
    await until(lambda: len(ended) == 2)
    assert ended == ["it", "last"]
