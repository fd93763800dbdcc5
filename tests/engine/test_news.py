"""Reports become events; an end is told when its output was read, and faults stay alone."""

from supervisor.core.events import Ended, ReachChanged, Started
from supervisor.core.models import Detection, ErrorClass, ResultsSeen
from supervisor.engine.runners import Left
from tests.engine.hearing import A, B, bench, forever
from tests.fakes.backend import FakeBackend, World
from tests.support import until


async def test_alive_and_gone_become_started_and_ended() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        await until(lambda: one.events)
        assert one.events == [Started(task=A.task, attempt=1, started_at=1_000_000.0, pid=1001)]
        assert one.news.followed == (A,)
        one.follower.append(A, "stderr", b"first\nlast words\n")
        one.backend.end(A, 3)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.code, ended.end.last_line) == (3, "last words")
        assert one.news.followed == ()
        await until(lambda: A not in one.backend._known)


async def test_of_an_attempt_that_ends_at_once_only_the_end_is_told() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A)
        await until(lambda: one.of(Started))
        assert one.of(Ended)
        assert one.of(Started) == [
            Started(task=B.task, attempt=1, started_at=1_000_000.0, pid=1002)
        ]
        assert one.news.followed == (B,)


async def test_adoption_returns_when_something_is_known_of_each() -> None:
    world = World()
    before = FakeBackend(world)
    await before.submit((forever(A), forever(B)))
    before.end(B, 0)
    async with bench(world) as one:
        await one.news.adopt((A, B))
        assert {type(event) for event in one.events} == {Started, Ended}
        assert len(one.events) == 2


async def test_nothing_to_adopt_is_no_wait() -> None:
    async with bench() as one:
        await one.news.adopt(())
        assert one.events == []


async def test_doubt_is_told_and_taken_back() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        await until(lambda: one.events)
        one.events.clear()
        one.backend.doubt(A, "no answer")
        one.backend._tell(A)
        await until(lambda: len(one.events) == 3)
        assert one.events[:2] == [
            ReachChanged(task=A.task, attempt=1, reason="no answer"),
            ReachChanged(task=A.task, attempt=1, reason=None),
        ]


async def test_an_end_tells_what_the_runner_left() -> None:
    proof = Detection(
        rule="r", error_class=ErrorClass.AUTH, line="401", stream="file", strong=True, written_at=1
    )
    async with bench() as one:
        results = ResultsSeen(status="error", error="Traceback: 401")
        one.runners.found = Left(results=results, detections=(proof,))
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.results, ended.end.detections) == (results, (proof,))
        assert (one.runners.lived, one.tails) == ([A], {A: "Traceback: 401"})
