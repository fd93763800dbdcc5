"""From bytes in log files to detections and evidence."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, tzinfo
from pathlib import Path

import pytest
from typing_extensions import override

from supervisor.adapters.scanner.plain import ReScanner
from supervisor.core.events import Detected, Event
from supervisor.core.models import ErrorClass, Stream, TaskId
from supervisor.core.rules import Rule, RuleBook
from supervisor.engine.pump import AGAIN, Evidence, Pump
from supervisor.ports import Match, Ref
from tests.engine.test_detectors import detector
from tests.fakes.follower import FakeFollower
from tests.support import ManualClock, until

REF = Ref(TaskId("g/a"), 1)
OTHER = Ref(TaskId("g/b"), 2)
NOW = 1_770_000_000.0
RULES = RuleBook(
    [
        Rule(id="api.login", error_class=ErrorClass.AUTH, pattern="token expired"),
        Rule(id="api.limit", error_class=ErrorClass.RATE_LIMIT, pattern="slow down"),
        Rule(id="api.window", error_class=ErrorClass.USAGE_WINDOW, pattern="hit your limit"),
        Rule(id="api.weak", error_class=ErrorClass.AUTH, pattern="log in again", strength="weak"),
        Rule(id="net.reset", error_class=ErrorClass.NETWORK, pattern="reset by peer"),
        Rule(id="hint.words", pattern="try again"),
    ]
)


def utc(name: str) -> tzinfo | None:
    return None if name else UTC


class Fragile(ReScanner):
    """A scanner with a fault."""

    @override
    def scan(self, block: bytes) -> Sequence[Match]:
        if b"break the scanner" in block:
            raise RuntimeError("broken")
        return super().scan(block)


class Bench:
    """A pump whose follower, clock and core are the test's."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.follower = FakeFollower()
        self.clock = ManualClock(NOW)
        self.events: list[Event] = []
        self.noted: dict[tuple[TaskId, int, Stream], int] = {}
        self.pump = Pump(
            self.follower,
            Fragile(RULES),
            RULES,
            clock=self.clock,
            zone=utc,
            submit=self.submit,
            note_offsets=self.note,
        )

    async def submit(self, event: Event) -> None:
        self.events.append(event)

    def note(self, offsets: Mapping[tuple[TaskId, int, Stream], int]) -> None:
        self.noted.update(offsets)

    def write(self, text: str | bytes, stream: Stream = "stderr", ref: Ref = REF) -> None:
        data = text.encode() if isinstance(text, str) else text
        self.follower.append(ref, stream, data)
        with (self.directory / f"{stream}.log").open("ab") as file:
            file.write(data)

    @property
    def detected(self) -> list[tuple[str, str]]:
        return [
            (event.task, event.detection.rule)
            for event in self.events
            if isinstance(event, Detected)
        ]


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    made = Bench(tmp_path)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(made.pump.run(), name="pump")
        await asyncio.sleep(0)
        yield made
        task.cancel()


async def test_strong_news_reach_the_core_and_again_when_they_grow(bench: Bench) -> None:
    """The login, a window, an empty account; the same is not said at every line."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("hello\nError: token ")
    bench.write("expired\nError: token expired\n")
    await until(lambda: bench.detected)
    bench.write("Error: token expired\nError: you hit your limit\n")
    await until(lambda: len(bench.detected) == 3)
    assert bench.detected == [("g/a", "api.login"), ("g/a", "api.login"), ("g/a", "api.window")]
    assert [one.detection.repeats for one in bench.events if isinstance(one, Detected)] == [1, 3, 1]
    first = bench.events[0]
    assert isinstance(first, Detected)
    assert first.attempt == 1
    assert first.detection.written_at == NOW


async def test_other_news_wait_for_the_end(bench: Bench) -> None:
    """Weak words, other classes, stdout, and short waits stop nobody."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: log in again\nError: reset by peer\nError: slow down\n")
    bench.write("Error: slow down, try again in 59s\n")
    bench.write("Error: token expired\n", "stdout")
    bench.write("Error: slow down, try again in 90s\n", ref=OTHER)
    bench.pump.begin(OTHER, bench.directory, {})
    await until(lambda: bench.detected)
    assert bench.detected == [("g/b", "api.limit")]
    evidence = await bench.pump.finish(REF)
    assert sorted(d.rule for d in evidence.detections) == [
        "api.limit",
        "api.limit",
        "api.login",
        "api.weak",
        "net.reset",
    ]


async def test_a_wait_on_the_next_line_is_news(bench: Bench) -> None:
    """The line that says when makes the limit worth holding."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: slow down\n")
    bench.write("try again in 10 minutes\n")
    await until(lambda: bench.detected)
    event = bench.events[0]
    assert isinstance(event, Detected)
    assert event.detection.retry_at == NOW + 600


async def test_the_end_reads_what_is_left(bench: Bench) -> None:
    """Evidence counts lines from the end; a last line without an end is one, too."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: reset by peer\none\n")
    await until(lambda: bench.pump.last_output_at(REF) == NOW)
    bench.write("two\nError: token=abc expired, token expired")
    bench.write("on stdout\n", "stdout")
    evidence = await bench.pump.finish(REF)
    assert [(d.rule, d.from_end) for d in evidence.detections] == [
        ("net.reset", 3),
        ("api.login", 0),
    ]
    assert evidence.last_line == "Error: token=[redacted] expired, token expired"
    assert evidence.tail_text.splitlines() == [
        "Error: reset by peer",
        "one",
        "two",
        "Error: token=[redacted] expired, token expired",
    ]
    assert bench.pump.last_output_at(REF) is None


async def test_a_silent_attempt(bench: Bench) -> None:
    """Nothing written, nothing said; an unknown one likewise."""
    bench.pump.begin(REF, bench.directory, {})
    assert await bench.pump.finish(REF) == Evidence()
    assert await bench.pump.finish(REF) == Evidence()


async def test_the_last_line_of_stdout_where_stderr_is_silent(bench: Bench) -> None:
    """Frames and rules are no words; the proof's stream is shown."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: token expired\n------\n", "stdout")
    evidence = await bench.pump.finish(REF)
    assert evidence.last_line == "Error: token expired"
    assert evidence.tail_text.startswith("Error: token expired")
    bench.pump.begin(OTHER, bench.directory / "gone", {})
    bench.follower.append(OTHER, "stdout", b"words\n")
    lost = await bench.pump.finish(OTHER)
    assert (lost.last_line, lost.tail_text) == ("words", "")


async def test_offsets_say_how_far_whole_lines_were_judged(bench: Bench) -> None:
    """Noted at most once a second; asking for them empties the list."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("one\ntwo\nthr")
    await until(lambda: bench.noted)
    place: tuple[TaskId, int, Stream] = (REF.task, 1, "stderr")
    assert bench.noted == {place: 8}
    bench.write("ee\n")
    await until(lambda: bench.pump.offsets().get(place) == 14)
    assert bench.noted == {place: 8}
    assert bench.pump.offsets() == {}
    bench.clock.advance(2)
    bench.write("four\n")
    await until(lambda: bench.noted == {place: 19})


async def test_an_adopted_attempt_is_read_again_a_little(bench: Bench) -> None:
    """What was judged before the restart is evidence still, but no news."""
    head = "Error: reset by peer\n" + "x" * 100 + "\n"
    middle = "Error: token expired\n" + "y\n" * (AGAIN // 2 - 40)
    bench.write(head + middle)
    saved = len(head) + len(middle)
    bench.write("Error: hit your limit, resets in 2 hours\n")
    os.utime(bench.directory / "stderr.log", (NOW - 1000, NOW - 1000))
    bench.pump.begin(REF, bench.directory, {"stderr": saved}, adopted=True)
    assert bench.pump.last_output_at(REF) == NOW - 1000
    await until(lambda: bench.detected)
    assert bench.detected == [("g/a", "api.window")]
    event = bench.events[0]
    assert isinstance(event, Detected)
    assert event.detection.written_at == NOW - 1000
    assert event.detection.retry_at == NOW - 1000 + 7200
    bench.write("Error: token expired\n")
    await until(lambda: len(bench.detected) == 2)
    evidence = await bench.pump.finish(REF)
    found = [(d.rule, d.written_at) for d in evidence.detections]
    assert found == [
        ("api.login", NOW - 1000),
        ("api.window", NOW - 1000),
        ("api.login", NOW),
    ]


async def test_the_unfinished_line_of_an_adopted_attempt_is_as_old_as_its_file(
    bench: Bench,
) -> None:
    """It ended while nobody looked: its last words were written then."""
    bench.write("Error: slow down, try again in 90s")
    os.utime(bench.directory / "stderr.log", (NOW - 500, NOW - 500))
    bench.pump.begin(REF, bench.directory, {}, adopted=True)
    evidence = await bench.pump.finish(REF)
    (detection,) = evidence.detections
    assert detection.written_at == NOW - 500
    assert detection.retry_at == NOW - 500 + 90


async def test_half_a_line_proves_nothing(bench: Bench) -> None:
    """After a gap reading goes on with the next whole line."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("z" * 100 + "\n")
    await until(lambda: bench.pump.last_output_at(REF))
    bench.write("not the Error: token expired" + "w" * (5 << 20) + "\nError: reset by peer\n")
    evidence = await bench.pump.finish(REF)
    assert [d.rule for d in evidence.detections] == ["net.reset"]


async def test_a_replaced_file_starts_a_new_line(bench: Bench) -> None:
    """The half line of the old file is not glued to the new one."""
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: token ")
    await until(lambda: bench.pump.last_output_at(REF))
    bench.follower.replace(REF, "stderr", b"expired\nError: reset by peer\n")
    evidence = await bench.pump.finish(REF)
    assert [d.rule for d in evidence.detections] == ["net.reset"]


async def test_beginning_twice_changes_nothing(bench: Bench) -> None:
    """And chunks of attempts that nobody began are passed over."""
    bench.follower.follow(OTHER, bench.directory, {})
    bench.follower.append(OTHER, "stderr", b"Error: token expired\n")
    bench.pump.begin(REF, bench.directory, {})
    bench.pump.begin(REF, bench.directory, {"stderr": 9})
    bench.write("Error: token expired\n")
    await until(lambda: bench.detected)
    assert bench.detected == [("g/a", "api.login")]


async def test_progress_of_either_stream_ends_a_storm(bench: Bench) -> None:
    bench.pump.begin(REF, bench.directory, {})
    bench.write("1/9 done\n", "stdout")
    bench.write("Error: token expired\nError: token expired\n")
    await until(lambda: bench.detected)
    bench.write("2/9 done\n", "stdout")
    bench.write("Error: token expired\nError: you hit your limit\n")
    await until(lambda: len(bench.detected) == 2)
    assert bench.detected == [("g/a", "api.login"), ("g/a", "api.window")]


async def test_lines_of_many_attempts_in_one_turn(bench: Bench) -> None:
    """What means nothing is passed by; what means something is found where it stands."""
    refs = [Ref(TaskId(f"g/{number}"), 1) for number in range(5)]
    for ref in refs:
        bench.pump.begin(ref, bench.directory, {})
        bench.write("begun\n", ref=ref)
    await until(lambda: all(bench.pump.last_output_at(ref) for ref in refs))
    for number, ref in enumerate(refs):
        bench.write("usual\n" if number != 3 else "Error: hit your limit\n", ref=ref)
    await until(lambda: bench.detected)
    assert bench.detected == [("g/3", "api.window")]
    silent, loud = await bench.pump.finish(refs[0]), await bench.pump.finish(refs[3])
    assert (silent.detections, silent.last_line) == ((), "usual")
    assert [(one.rule, one.from_end) for one in loud.detections] == [("api.window", 0)]


async def test_a_fault_over_one_attempt_s_text_is_not_the_others_end(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """It is logged; the reading goes on."""

    bench.pump.begin(REF, bench.directory, {})
    bench.pump.begin(OTHER, bench.directory, {})
    for ref in (REF, OTHER):
        bench.write("begun\n", ref=ref)
    await until(lambda: bench.pump.last_output_at(REF) and bench.pump.last_output_at(OTHER))
    bench.write("break the scanner\n")
    bench.write("usual\n", ref=OTHER)
    await until(lambda: "output could not be judged" in caplog.text)
    assert "output could not be sifted" in caplog.text
    bench.write("Error: hit your limit\n", ref=OTHER)
    await until(lambda: bench.detected)
    assert bench.detected == [("g/b", "api.window")]


async def test_other_rules_judge_what_comes_from_now_on(bench: Bench) -> None:
    bench.pump.begin(REF, bench.directory, {})
    bench.write("Error: wallet is empty\nError: token expired\n")
    await until(lambda: bench.detected)
    bench.pump.adopt(detector("wallet is empty"))
    bench.write("Error: wallet is empty\n")
    await until(lambda: len(bench.detected) == 2)
    assert bench.detected == [("g/a", "api.login"), ("g/a", "new.0")]
    bench.pump.begin(OTHER, bench.directory, {})
    bench.write("Error: wallet is empty\n", ref=OTHER)
    await until(lambda: len(bench.detected) == 3)
    evidence = await bench.pump.finish(REF)
    assert {one.rule for one in evidence.detections} == {"api.login", "new.0"}
