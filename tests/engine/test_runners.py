"""What attempts leave behind is read when they end, and only what is surely their own counts."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from supervisor.core.events import Tick
from supervisor.core.models import Detection, ErrorClass, FailedItem, ResultsSeen, TaskId
from supervisor.core.runners import Option, ResultsAt, RunnerProfile
from supervisor.core.state import Batch, fresh
from supervisor.core.step import step
from supervisor.engine import runners
from supervisor.engine.runners import Left, Runners
from supervisor.ports import Look, Ref, Said
from tests.engine.batches import spec_of
from tests.engine.test_detectors import detector

A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)
HERE = Path("/nowhere")
PROFILE = RunnerProfile(
    name="inspect",
    options={"log_dir": Option(flags=("--log-dir",), default="logs")},
    results=ResultsAt(reader="inspect", globs=("{log_dir}/*.eval",)),
)


def judged(text: str, written_at: float) -> Sequence[Detection]:
    """Every word in capitals is a detection of the class that it names."""
    return [
        Detection(
            rule="r",
            error_class=ErrorClass(word.lower()),
            line=text,
            stream="file",
            strong=True,
            written_at=written_at,
        )
        for word in text.split()
        if word.isupper()
    ]


class Place:
    """Stands for the results on disk."""

    def __init__(self, *, profile: RunnerProfile = PROFILE) -> None:
        self.looks: list[Look] = []
        self.seen = ResultsSeen()
        self.said: Said | None = Said(words="hello", paths=(Path("/logs/a.eval"),))
        self.hangs = False
        spec = spec_of("g/a", "g/b", run="inspect eval")
        tasks = tuple(replace(task, profile="inspect") for task in spec.tasks)
        batch, _ = step(fresh(replace(spec, tasks=tasks, profiles=(profile,)), "u", 0), Tick(), 10)
        self.batch: Batch = batch
        self.runners = Runners(self, judged, batch=lambda: self.batch, environ={})

    async def ask(self, reader: str, pids: Sequence[int]) -> Said | None:
        return self.said

    async def read(self, look: Look) -> ResultsSeen:
        if self.hangs:
            await asyncio.Event().wait()
        self.looks.append(look)
        return self.seen


async def test_an_end_tells_what_was_seen_and_what_that_proves() -> None:
    place = Place()
    place.seen = ResultsSeen(status="error", error="the AUTH error", path="/logs/a.eval")
    place.runners.began(A, HERE)
    left = await place.runners.left(A, 50.0)
    assert left.results == place.seen
    (proof,) = left.detections
    assert (proof.error_class, proof.path, proof.written_at) == ("auth", "/logs/a.eval", 50.0)
    (look,) = place.looks
    assert (look.since, look.shared, look.known) == (10, False, ())
    assert await place.runners.left(A, 51.0) == Left()


async def test_without_an_error_of_the_run_its_items_tell() -> None:
    place = Place()
    texts = ("a NETWORK one", "then AUTH", "again AUTH", "nothing")
    items = tuple(FailedItem(id=str(at), text=text) for at, text in enumerate(texts))
    place.seen = ResultsSeen(failed=items, failed_count=4)
    place.runners.began(A, HERE)
    left = await place.runners.left(A, 50.0)
    assert [(one.error_class, one.line, one.repeats) for one in left.detections] == [
        ("network", "a NETWORK one", 1),
        ("auth", "again AUTH", 2),
    ]


async def test_who_is_not_known_or_has_no_results_leaves_nothing() -> None:
    place = Place(profile=RunnerProfile(name="inspect"))
    place.runners.began(A, HERE)
    place.runners.began(Ref(TaskId("g/nobody"), 1), HERE)
    place.runners.began(Ref(A.task, 7), HERE)
    for ref in (A, B, Ref(A.task, 7)):
        assert await place.runners.left(ref, 50.0) == Left()
        assert await place.runners.ask(ref, (1,)) is None


async def test_what_a_living_runner_says_leads_to_its_results() -> None:
    place = Place()
    place.runners.began(A, HERE)
    assert await place.runners.ask(A, (1,)) == place.said
    place.said = None
    assert await place.runners.ask(A, (1,)) is None
    await place.runners.left(A, 50.0)
    assert place.looks[0].known == (Path("/logs/a.eval"),)


async def test_a_place_is_shared_while_two_live() -> None:
    place = Place()
    place.runners.began(A, HERE)
    place.runners.began(B, HERE)
    await place.runners.left(A, 50.0)
    await place.runners.left(B, 60.0)
    assert [look.shared for look in place.looks] == [True, True]
    place.runners.began(A, HERE)
    await place.runners.left(A, 70.0)
    assert place.looks[-1].shared, "the other one still lived when this one began"


async def test_one_after_the_other_shares_nothing() -> None:
    place = Place()
    place.runners.began(A, HERE)
    await place.runners.left(A, 9.0)
    place.runners.began(B, HERE)
    await place.runners.left(B, 60.0)
    assert [look.shared for look in place.looks] == [False, False]


async def test_reading_for_ever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runners, "_PATIENCE_S", 0.01)
    place = Place()
    place.hangs = True
    place.runners.began(A, HERE)
    left = await place.runners.left(A, 50.0)
    assert left.results == ResultsSeen(trouble="reading the results took more than 0.01 s")


async def test_other_rules_judge_results_from_now_on() -> None:
    place = Place()
    place.seen = ResultsSeen(error="Error: wallet is empty", path="/logs/a.eval")
    place.runners.began(A, HERE)
    place.runners.adopt(detector("wallet is empty"))
    left = await place.runners.left(A, 50.0)
    assert [one.rule for one in left.detections] == ["new.0"]
