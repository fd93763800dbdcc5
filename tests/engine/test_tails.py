"""The ends of logs: what is new in them, and the counter."""

from pathlib import Path

import pytest

from supervisor.core.models import TaskId
from supervisor.core.progress import Search
from supervisor.engine.tails import Tails
from supervisor.ports import Ref

A, B = Ref(TaskId("g/a"), 1), Ref(TaskId("g/b"), 1)


class Bench:
    def __init__(self, place: Path) -> None:
        self.place = place
        self.now = 100.0
        self.patterns: list[str] = []
        self.tails = Tails(self.directory, lambda ref: "p" if ref == B else None, self.search_of)

    def directory(self, ref: Ref) -> Path:
        path = self.place / ref.task.replace("/", "-")
        path.mkdir(exist_ok=True)
        return path

    def search_of(self, pattern: str) -> Search:
        self.patterns.append(pattern)
        return lambda line: ("1", "2") if "half" in line else None

    def write(self, text: str, ref: Ref = A, name: str = "stdout.log") -> None:
        with (self.directory(ref) / name).open("a") as file:
            file.write(text)

    async def heard(self, ref: Ref = A) -> bool:
        """Whether a look ten seconds later finds anything new."""
        self.now += 10
        found = await self.tails.look([A, B], self.now)
        return found[ref].heard_at == self.now

    async def counter(self, ref: Ref = A) -> tuple[int, int] | None:
        return (await self.tails.look([A, B], self.now))[ref].counter


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    made = Bench(tmp_path)
    await made.tails.look([A, B], made.now)
    return made


async def test_growth_alone_is_nothing_new(bench: Bench) -> None:
    assert not await bench.heard()
    bench.write("2026-11-22 06:01:02 Retrying in 3s\n")
    assert await bench.heard()
    for minute in range(10, 40):
        bench.write(f"2026-11-22 06:{minute}:09 Retrying in {minute}s\n")
    assert not await bench.heard()
    bench.write("sample 3 done\n", name="stderr.log")
    assert await bench.heard()


async def test_half_lines_wait_for_their_end(bench: Bench) -> None:
    bench.write("Retrying in 3s\nRetr")
    assert await bench.heard()
    bench.write("ying in 4s\n")
    assert not await bench.heard()


async def test_a_flood_is_looked_at_by_its_end(bench: Bench) -> None:
    line = "Error: HTTP 503, retrying this very long request to the same old server\n"
    bench.write(line * 3)
    assert await bench.heard()
    for _ in range(3):
        bench.write(line * 997)
        assert not await bench.heard(), "whichever line the piece begins in the middle of"


async def test_a_bar_that_redraws_itself(bench: Bench) -> None:
    bench.write(" 37%|███▋ | 37/100 [00:12<00:20, 3.05it/s]\r")
    assert await bench.heard()
    assert await bench.counter() == (37, 100)
    bench.write(" 37%|███▋ | 37/100 [00:22<00:30, 2.05it/s]\r")
    assert not await bench.heard()
    bench.write(" 38%|███▊ | 38/100 [00:23<00:30, 2.05it/s]\r")
    assert await bench.heard()
    assert await bench.counter() == (38, 100)
    bench.write("x\n")
    assert await bench.heard()
    assert await bench.counter() == (38, 100), "the last one that was seen"


async def test_a_row_of_dots_is_work(bench: Bench) -> None:
    bench.write(".....")
    assert await bench.heard()
    bench.write(".")
    assert await bench.heard()
    assert not await bench.heard()


async def test_a_file_that_was_begun_anew(bench: Bench) -> None:
    bench.write("one\ntwo\nthree\n")
    assert await bench.heard()
    (bench.directory(A) / "stdout.log").write_text("four\n")
    assert await bench.heard()


async def test_counters_as_the_batch_file_has_them(bench: Bench) -> None:
    bench.write("half of it\n", ref=B)
    assert await bench.counter(B) == (1, 2)
    assert bench.patterns == ["p"]
    assert await bench.counter() is None


async def test_who_is_gone_is_forgotten_and_what_cannot_be_read_is_silent(bench: Bench) -> None:
    assert list(await bench.tails.look([B], 5.0)) == [B]
    (bench.directory(A) / "stdout.log").mkdir()
    bench.write("one\n", name="stderr.log")
    assert await bench.heard()


async def test_the_last_counter_of_an_attempt_that_is_over(bench: Bench) -> None:
    """Also of one that nobody looked at while it ran; what was read long ago is remembered."""
    over = Ref(TaskId("g/c"), 1)
    assert await bench.tails.last(over, 200.0) is None
    bench.write(" 30%|###    | 30/100 [00:01<00:02, 9it/s]\n", over, "stderr.log")
    assert await bench.tails.last(over, 200.0) == (30, 100)
    bench.write(" 40%|####   | 40/100 [00:01<00:02, 9it/s]\n")
    assert await bench.counter() == (40, 100)
    bench.write("x" * 70 + "\n" + "y\n" * 9000)
    assert await bench.tails.last(A, 200.0) == (40, 100)
    bench.write(" 50%|#####  | 50/100 [00:01<00:02, 9it/s]\n")
    assert await bench.tails.last(A, 200.0) == (50, 100)


async def test_marks_count_before_bars_and_after_what_was_asked_for(bench: Bench) -> None:
    bench.write("37%|###   | 37/100 [00:12<00:20,  3.05it/s]\n")
    bench.write('{"done":3,"total":9,"item":"q4"}\n', name="marks")
    bench.write('{"done":3,"total":9}\n', B, name="marks")
    assert await bench.counter() == (3, 9)
    assert await bench.counter(B) == (3, 9)
    bench.write("half\n", B)
    assert await bench.counter(B) == (1, 2)
    tail = (await bench.tails.look([A, B], bench.now))[A]
    assert tail.told is not None
    assert tail.told.item == "q4"


async def test_of_what_is_over_all_marks_count(bench: Bench) -> None:
    assert await bench.tails.told(A, bench.now) == (None, None)
    bench.write('{"failed":"q1"}\n', name="marks")
    told, _ = await bench.tails.told(A, bench.now)
    assert told is not None
    assert told.errors == 1
    bench.write('{"failed":"q2"}\n' * 1000 + '{"done":3,"total":9}\n', name="marks")
    told, counter = await bench.tails.told(A, bench.now)
    assert counter == (3, 9)
    assert told is not None
    assert told.errors == 2


async def test_what_was_said_in_a_log_that_is_gone_is_remembered(bench: Bench) -> None:
    bench.write("@overnight failed=q1\n")
    await bench.tails.look([A, B], bench.now)
    (bench.directory(A) / "stdout.log").unlink()
    told, _ = await bench.tails.told(A, bench.now)
    assert told is not None
    assert told.errors == 1
