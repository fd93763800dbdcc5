"""Files beside the streams: whose they are, what they prove, and when that is said."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, tzinfo
from pathlib import Path

import pytest

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.events import Detected, Event
from supervisor.core.judging import StreamJudge
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.rules import Rule, RuleBook
from supervisor.core.state import Batch
from supervisor.engine.sources import Sources
from supervisor.ports import Ref
from tests.engine.test_detectors import detector
from tests.fakes.night import after, begun, started, task
from tests.fakes.sources import FakeFiles
from tests.support import until

A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)
RULES = RuleBook(
    [
        Rule(id="api.login", error_class=ErrorClass.AUTH, pattern="token expired"),
        Rule(id="net.reset", error_class=ErrorClass.NETWORK, pattern="reset by peer"),
    ]
)
LOGIN = "Error: token expired\n"


def utc(name: str) -> tzinfo | None:
    return None if name else UTC


def living(*sources: str) -> Batch:
    """A batch with two living attempts that have these sources."""
    specs = [
        replace(task(f"g/{name}"), sources=sources, params={"capsule": name}, cwd="/w")
        for name in "ab"
    ]
    return after(begun(specs), (started("g/a", 1, 10), 10), (started("g/b", 1, 20), 20))


class Bench:
    """Sources whose files, batch and clock are the test's."""

    def __init__(self) -> None:
        self.files = FakeFiles()
        self.events: list[Event] = []
        self.batch = living(
            "r/{capsule}/*.log", "r/{capsule}/*.json", "all/*.log", "r/{capsule}/.failed/**/*.json"
        )
        self.now = 5.0
        self.sources = Sources(
            self.files,
            lambda: StreamJudge("file", RULES, ReScanner(RULES).scan, utc),
            batch=lambda: self.batch,
            now=lambda: self.now,
            submit=self.submit,
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    @property
    def heard(self) -> list[tuple[str, str, bool]]:
        """Task, path and whether it is tied, of all detections told."""
        return [
            (event.task, event.detection.path, event.detection.tied)
            for event in self.events
            if isinstance(event, Detected)
        ]


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    async with asyncio.TaskGroup() as group:
        running = group.create_task(made.sources.run(), name="sources")
        for ref in (A, B):
            made.sources.began(ref, Path("/w/task/attempt-1"))
        yield made
        running.cancel()


async def test_a_file_with_the_task_s_name_in_it_is_its_evidence(bench: Bench) -> None:
    """Told at once where it is about a limit, and again at the end with its path."""
    bench.files.write("/w/r/a/run.log", LOGIN, 30.0)
    await until(lambda: bench.heard)
    assert bench.heard == [("g/a", "/w/r/a/run.log", True)]
    (found,) = await bench.sources.left(A)
    assert (found.rule, found.stream, found.path) == ("api.login", "file", "/w/r/a/run.log")
    assert found.written_at == 30.0
    assert await bench.sources.left(B) == ()
    assert await bench.sources.left(B) == ()


async def test_one_watch_for_all_tasks(bench: Bench) -> None:
    """Patterns are watched with any value for the names."""
    assert list(bench.files.watched) == [
        "/w/r/*/*.log",
        "/w/r/*/*.json",
        "/w/all/*.log",
        "/w/r/*/.failed/**/*.json",
    ]


async def test_what_the_watch_missed_is_read_at_the_end(bench: Bench) -> None:
    """And a last line needs no end."""
    bench.files.write("/w/r/a/run.log", "Error: reset by peer", 30.0, told=False)
    (found,) = await bench.sources.left(A)
    assert found.rule == "net.reset"
    assert bench.heard == []


async def test_what_fits_two_living_attempts_is_nobody_s_end(bench: Bench) -> None:
    """It is news about the limits of both; when one is left, it is that one's."""
    bench.files.write("/w/all/x.log", LOGIN, 30.0)
    await until(lambda: len(bench.heard) == 2)
    assert bench.heard == [("g/a", "/w/all/x.log", False), ("g/b", "/w/all/x.log", False)]
    assert await bench.sources.left(A) == ()
    bench.files.write("/w/all/x.log", "Error: reset by peer\n", 40.0)
    (found,) = await bench.sources.left(B)
    assert (found.rule, found.tied) == ("net.reset", True)


async def test_what_was_written_before_the_attempt_began_is_not_its_own(bench: Bench) -> None:
    """The second attempt began at 20."""
    bench.files.write("/w/all/x.log", LOGIN, 15.0)
    await until(lambda: bench.heard)
    assert bench.heard == [("g/a", "/w/all/x.log", True)]


async def test_a_document_is_read_anew_each_time(bench: Bench) -> None:
    """Only what it reports as an error counts."""
    said = '{"answer": "token expired is what you get", "error": null}'
    bench.files.write("/w/r/a/result.json", said, 30.0)
    bench.files.write("/w/r/a/result.json", '{"error": "token expired"}', 31.0)
    await until(lambda: bench.heard)
    bench.files.write("/w/r/a/result.json", '{"error": "token expired", "n": 2}', 32.0)
    (found,) = await bench.sources.left(A)
    assert (found.rule, found.line) == ("api.login", "error: token expired")


@pytest.mark.parametrize(
    ("documents", "place"),
    [
        ({"r/a/result.json": '{"error": "token expired"}'}, "result"),
        ({"r/a/result.json": '{"error": "token expired", "success": true}'}, "line"),
        ({"r/a/result.json": '{"failures": [{"error": "token expired"}], "score": 1}'}, "line"),
        ({"r/a/result.json": '{"error": "token expired"}', "r/a/b.json": "{}"}, "line"),
        ({"r/a/.failed/1/result.json": '{"error": "token expired"}'}, "line"),
        (
            {
                "r/a/.failed/1/result.json": '{"n": 1}',
                "r/a/result.json": '{"error": "token expired"}',
            },
            "result",
        ),
        ({"r/a/run.log": '{"error": "token expired"}\n'}, "line"),
    ],
)
async def test_the_only_result_speaks_for_its_attempt(
    bench: Bench, documents: dict[str, str], place: str
) -> None:
    """One of several may be one of many samples, and a hidden one what was tried again."""
    for path, text in documents.items():
        bench.files.write(f"/w/{path}", text, 30.0)
    (found,) = await bench.sources.left(A)
    assert found.place == place


async def test_a_file_written_anew_starts_a_new_line(bench: Bench) -> None:
    """Half a line of the old one is not glued to it."""
    bench.files.write("/w/r/a/run.log", "Error: token ", 30.0)
    bench.files.write("/w/r/a/run.log", "expired\n", 31.0, begins=True)
    assert await bench.sources.left(A) == ()


async def test_an_earlier_engine_has_told_what_is_older(bench: Bench) -> None:
    """It stays evidence for the end."""
    bench.sources = Sources(
        bench.files,
        lambda: StreamJudge("file", RULES, ReScanner(RULES).scan, utc),
        batch=lambda: bench.batch,
        now=lambda: 100.0,
        submit=bench.submit,
    )
    bench.sources.began(A, Path("/w/task/attempt-1"))
    bench.files.write("/w/r/a/run.log", LOGIN, 30.0, told=False)
    assert [found.rule for found in await bench.sources.left(A)] == ["api.login"]
    assert bench.heard == []


async def test_a_task_without_sources_costs_nothing() -> None:
    """Nor does one that nobody knows."""
    bench = Bench()
    bench.batch = living()
    bench.sources.began(A, Path("/w/task/attempt-1"))
    bench.sources.began(Ref(TaskId("g/x"), 1), Path("/w/task/attempt-1"))
    assert bench.files.watched == {}
    assert await bench.sources.left(A) == ()


async def test_only_the_files_written_last_are_remembered(bench: Bench) -> None:
    """A runner that makes thousands of them does not fill the memory."""
    for number in range(100):
        bench.files.write(f"/w/r/a/{number}.log", LOGIN, 30.0, told=False)
    found = await bench.sources.left(A)
    assert [one.path for one in found] == [f"/w/r/a/{number}.log" for number in range(36, 100)]


async def test_other_rules_judge_what_comes_from_now_on(bench: Bench) -> None:
    """In files that are followed already, too."""
    bench.files.write("/w/r/a/run.log", LOGIN, 30.0)
    bench.files.write("/w/all/x.log", LOGIN, 30.0)
    await until(lambda: ("g/b", "/w/all/x.log", False) in bench.heard)
    bench.sources.adopt(detector("wallet is empty"))
    for path in ("/w/r/a/run.log", "/w/r/b/run.log", "/w/all/x.log"):
        bench.files.write(path, "Error: wallet is empty\n", 40.0)
    await until(lambda: ("g/b", "/w/r/b/run.log", True) in bench.heard)
    assert {one.rule for one in await bench.sources.left(A)} == {"api.login", "new.0"}
    assert {one.rule for one in await bench.sources.left(B)} == {"new.0"}
