"""What is read of an attempt goes into its end; a fault in reading stays alone."""

from supervisor.core.events import Ended, Event, Noted
from supervisor.core.models import ResultsSeen
from supervisor.core.told import Told
from supervisor.engine.runners import Left
from tests.engine.hearing import A, B, bench, forever
from tests.engine.test_detectors import detector
from tests.support import until


async def test_an_output_that_cannot_be_read_leaves_the_end_and_the_others_alone() -> None:
    async with bench() as one:
        one.pump.broken = A
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A, 1)
        one.backend.end(B, 0)
        await until(lambda: len(one.of(Ended)) == 2)
        codes = {event.task: event.end.code for event in one.events if isinstance(event, Ended)}
        assert codes == {"g/a": 1, "g/b": 0}


async def test_the_end_of_the_output_is_kept_for_the_story_of_a_failure() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        one.backend.end(A, 1)
        await until(lambda: one.of(Ended))
        assert A in one.tails


async def test_results_that_cannot_be_read_are_noted_before_the_end() -> None:
    async with bench() as one:
        one.runners.found = Left(results=ResultsSeen(trouble="a.eval: is half written"))
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        assert one.events[-2] == Noted(
            task=A.task, attempt=1, text="results: a.eval: is half written"
        )


async def test_a_fault_in_reading_results_is_not_the_task_s() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))
        [ended] = one.of(Ended)
        assert isinstance(ended, Ended)
        assert (ended.end.code, ended.end.results) == (0, None)


async def test_other_rules_go_to_every_reader() -> None:
    async with bench() as one:
        new = detector("wallet is empty")
        one.outputs.adopt(new)
        assert one.runners.detectors == [new]


async def test_how_far_it_was_is_asked_of_what_failed_and_told_by_results_first() -> None:
    async with bench() as one:
        one.counters = {A: (3, 9), B: (4, 9)}
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A, 1)
        one.backend.end(B, 0)
        await until(lambda: len(one.of(Ended)) == 2)
        assert _progress(one.of(Ended)) == {"g/a": (3, 9), "g/b": None}
    async with bench() as one:
        one.runners.found = Left(results=ResultsSeen(status="error", done=5, total=7))
        await one.backend.submit((forever(A),))
        one.backend.end(A, 1)
        await until(lambda: one.of(Ended))
        assert _progress(one.of(Ended)) == {"g/a": (5, 7)}


async def test_what_the_runner_said_goes_with_every_end() -> None:
    async with bench() as one:
        one.tolds = {A: Told(errors=2)}
        await one.backend.submit((forever(A), forever(B)))
        one.backend.end(A, 0)
        one.backend.end(B, 0)
        await until(lambda: len(one.of(Ended)) == 2)
        assert {e.task: e.end.told for e in one.of(Ended) if isinstance(e, Ended)} == {
            "g/a": Told(errors=2),
            "g/b": None,
        }


async def test_marks_that_cannot_be_read_cost_no_end() -> None:
    async with bench() as one:
        one.tolds = None
        await one.backend.submit((forever(A),))
        one.backend.end(A, 0)
        await until(lambda: one.of(Ended))


async def test_progress_that_cannot_be_read_is_none() -> None:
    async with bench() as one:
        await one.backend.submit((forever(A),))
        one.backend.end(A, 1)
        await until(lambda: one.of(Ended))
        assert _progress(one.of(Ended)) == {"g/a": None}


def _progress(events: list[Event]) -> dict[str, tuple[int, int] | None]:
    return {event.task: event.end.progress for event in events if isinstance(event, Ended)}
