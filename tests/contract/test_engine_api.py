"""What every EngineApi promises: in process, and over the socket."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest

from supervisor.core.board import Board, Change, LimitCost, NeedsYou, applied
from supervisor.core.intents import Kill, Pause, Retry, Stop
from supervisor.core.machine import (
    DiskSeen,
    GpuFigures,
    GpuRow,
    MachineSeen,
    ProcessSeen,
    Resources,
    RunnerRow,
    Sample,
)
from supervisor.core.models import ErrorClass, TaskId
from supervisor.core.night import Event, Slice, Stretch, Timeline
from supervisor.core.task_page import AttemptRow, FileRow, NeedRow, TaskPage
from supervisor.ipc.client import SocketEngine
from supervisor.ipc.server import serve
from supervisor.ports import (
    Answer,
    Arrival,
    EngineApi,
    EngineGoneError,
    NoSuchContainerError,
    NoSuchTaskError,
    SupervisorError,
)
from supervisor.ports.containers import Described
from tests.engine.batches import spec_of
from tests.engine.night import Night
from tests.fakes.engine import FakeEngine, board_of, row
from tests.support import until


@dataclass
class Pair:
    """An engine to direct, and the api through which a client sees it."""

    engine: FakeEngine
    api: EngineApi


@pytest.fixture(params=["in process", "over the socket"])
async def pair(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Pair, None]:
    engine = FakeEngine(board_of(row("g/a"), row("g/b", "running", attempt=1, pid=7)))
    if request.param == "in process":
        yield Pair(engine, engine)
        return
    path = str(tmp_path / "s")
    async with serve(engine, path):
        yield Pair(engine, SocketEngine(path))


async def test_snapshot_is_the_whole_board(pair: Pair) -> None:
    board = await pair.api.snapshot()
    assert board == pair.engine.board
    assert list(board.tasks) == ["g/a", "g/b"]
    assert board.connected


async def test_changes_begin_with_everything(pair: Pair) -> None:
    async with aclosing(pair.api.changes()) as changes:
        first = await anext(changes)
    assert first.whole
    assert applied(Board(), first) == pair.engine.board


async def test_changes_carry_what_differs(pair: Pair) -> None:
    async with aclosing(pair.api.changes()) as changes:
        board = applied(Board(), await anext(changes))
        need = NeedsYou(what="trapi", since=1.5, why="login expired", command="az login")
        await pair.engine.show(row("g/a", "running", progress=(3, 9)), needs_you=(need,))
        second = await anext(changes)
    assert not second.whole
    assert [one.task for one in second.tasks] == ["g/a"]
    assert applied(board, second) == pair.engine.board


async def test_changes_end_when_the_engine_ends_in_order(pair: Pair) -> None:
    seen: list[Change] = []

    async def read() -> None:
        async with aclosing(pair.api.changes()) as changes:
            async for change in changes:
                seen.append(change)

    async with asyncio.TaskGroup() as group:
        reading = group.create_task(read())
        await until(lambda: pair.engine.readers)
        await pair.engine.show(state="done")
        await pair.engine.end()
        await reading
    assert seen[-1].head.state == "done"


async def test_a_reader_that_leaves_a_quiet_batch_is_released(pair: Pair) -> None:
    async with aclosing(pair.api.changes()) as changes:
        await anext(changes)
        assert pair.engine.readers == 1
    await until(lambda: pair.engine.readers == 0)


async def test_two_readers_at_once(pair: Pair) -> None:
    async with aclosing(pair.api.changes()) as one, aclosing(pair.api.changes()) as two:
        await anext(one)
        await anext(two)
        await pair.engine.show(row("g/b", "succeeded"))
        assert (await anext(one)).tasks == (await anext(two)).tasks


async def test_intents_arrive_whole_and_are_answered(pair: Pair) -> None:
    pair.engine.answer = Answer(ok=False, messages=("no group x", "groups: g"))
    intents = (Pause(group=None), Kill(targets=("g/*",)), Retry(error_class=ErrorClass.AUTH))
    for intent in intents:
        assert await pair.api.submit(intent, "me") == pair.engine.answer
    assert pair.engine.wanted == [(intent, "me") for intent in intents]


async def test_why_answers_in_lines(pair: Pair) -> None:
    pair.engine.reasons["g/ä b"] = ("waits for a slot", "launched 02:04")
    assert await pair.api.why("g/ä b") == ("waits for a slot", "launched 02:04")


async def test_runners_are_told_how_their_limits_stand(pair: Pair) -> None:
    pair.engine.standings["g/ä b"] = {"task": "g/ä b", "holds": True, "until": 9.5}
    assert await pair.api.standing("g/ä b") == pair.engine.standings["g/ä b"]


async def test_unknown_tasks_are_named(pair: Pair) -> None:
    with pytest.raises(NoSuchTaskError, match="no task g/x"):
        await pair.api.why("g/x")
    with pytest.raises(NoSuchTaskError, match="no task g/x"):
        await pair.api.standing("g/x")
    with pytest.raises(NoSuchTaskError):
        await pair.api.log("g/x", None, "stderr", 0, 10)


async def test_the_night_arrives_whole(pair: Pair) -> None:
    pair.engine.night = Timeline(
        begin=1.5,
        end=61.5,
        as_of=61.5,
        slices=(Slice(running=2.5, good=1, bad=0), Slice(running=0, good=0, bad=2)),
        stretches=(Stretch(limit="api", since=2, until=None, reason="resets 4pm"),),
        events=(Event(at=2, kind="hold", subject="api", text="until 16:00"),),
        costs=(LimitCost(limit="api", pauses=1, waited_s=59.5, lost_s=100),),
    )
    assert await pair.api.timeline(2) == pair.engine.night
    assert pair.engine.slices == 2


async def test_what_the_machine_uses_arrives_whole(pair: Pair) -> None:
    pair.engine.resourced = Resources(
        machine=MachineSeen(
            at=5.5,
            name="box",
            cores=8,
            busy_s=12.5,
            load=(0.5, 1.5, 2.5),
            disks=(DiskSeen(path="/", holds=("state",), total_bytes=9, free_bytes=3),),
            engine=ProcessSeen(cpu_s=1.5, rss_bytes=7, threads=3, files=9),
        ),
        busy=2.5,
        gpus=(GpuRow(figures=GpuFigures(index=0, name="A100"), by=TaskId("g/a")),),
        runners=(RunnerRow(task=TaskId("g/b"), attempt=1, cores=0.5, waits=0.25),),
        history=(Sample(at=5.5, cores=2.5, mem_share=0.5),),
    )
    assert await pair.api.resources() == pair.engine.resourced


async def test_a_task_arrives_whole(pair: Pair) -> None:
    pair.engine.pages["g/ä"] = TaskPage(
        task=TaskId("g/ä"),
        as_of=5.5,
        standing=("waits:", "- for a slot"),
        attempts=(
            AttemptRow(attempt=1, started_at=1, ended_at=2, code=1, progress=(3, 9)),
            AttemptRow(attempt=2, started_at=4, settings="batch_size 16"),
        ),
        decisions=(Event(at=1, kind="launch", subject="g/ä", text="attempt 1 in slot 1"),),
        params={"n": "1"},
        needs=(NeedRow(name="g/b", state="succeeded", met=True),),
        files=(FileRow(path="attempt-1/stderr.log", size_bytes=9, changed_at=1.5),),
    )
    assert await pair.api.task("g/ä") == pair.engine.pages["g/ä"]
    with pytest.raises(NoSuchTaskError):
        await pair.api.task("g/x")


async def test_lines_of_a_log_are_found(pair: Pair) -> None:
    pair.engine.logs["g/b", 1, "stderr"] = b"one\ntwo\nthree\ntwo\n"
    first = await pair.api.search("g/b", None, "stderr", "two", 0, regex=False)
    assert (first.lines, first.size, first.trouble) == ((4,), 18, "")
    rest = await pair.api.search("g/b", 1, "stderr", "two", first.until, regex=False)
    assert (rest.lines, rest.until) == ((14,), 18)
    refused = await pair.api.search("g/b", 1, "stderr", "(", 0, regex=True)
    assert refused.trouble == "no pattern: missing )"
    with pytest.raises(NoSuchTaskError):
        await pair.api.search("g/x", None, "stderr", "two", 0, regex=False)


async def test_containers_are_described(pair: Pair) -> None:
    id_ = "1" * 64
    pair.engine.described[id_] = Described(inspection="{}", output="a\nb\nc ü")
    assert await pair.api.describe(id_, 2) == Described(inspection="{}", output="b\nc ü")
    with pytest.raises(NoSuchContainerError, match="No such container"):
        await pair.api.describe("2" * 64, 2)


async def test_leftovers_are_a_document(pair: Pair) -> None:
    pair.engine.left = {"containers": [], "networks": [{"id": "n", "name": "net"}], "volumes": []}
    assert await pair.api.leftovers() == pair.engine.left


async def test_failed_documents(pair: Pair) -> None:
    pair.engine.failures = [{"task": "g/a", "class": "auth", "params": {"x": "1"}}]
    assert list(await pair.api.failed()) == pair.engine.failures


async def test_the_report_is_text(pair: Pair) -> None:
    assert await pair.api.report() == "# night: überall\n"


async def test_logs_are_read_in_windows(pair: Pair) -> None:
    pair.engine.logs["g/a", 1, "stderr"] = b"old"
    pair.engine.logs["g/a", 2, "stderr"] = b"0123\xff\x0056789"
    window = await pair.api.log("g/a", None, "stderr", 2, 4)
    assert (window.offset, window.size, window.data) == (2, 11, b"23\xff\x00")
    window = await pair.api.log("g/a", None, "stderr", -5, 100)
    assert (window.offset, window.data) == (6, b"56789")
    assert (await pair.api.log("g/a", 1, "stderr", 0, 100)).data == b"old"


async def test_stop_ends_the_changes(pair: Pair) -> None:
    async with aclosing(pair.api.changes()) as changes:
        await anext(changes)
        assert (await pair.api.submit(Stop(mode="drain"), "me")).ok
        states = [change.head.state async for change in changes]
    assert states[-1] == "stopped"


async def test_a_gone_engine_says_so(pair: Pair) -> None:
    pair.engine.gone = True
    with pytest.raises(EngineGoneError):
        await pair.api.snapshot()
    with pytest.raises(EngineGoneError):
        await pair.api.submit(Pause(), "me")
    with pytest.raises(EngineGoneError):
        async with aclosing(pair.api.changes()) as changes:
            await anext(changes)


@pytest.fixture(params=["in process", "over the socket"])
async def real(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[EngineApi, None]:
    """Give the api of a whole engine, whose two tasks run until they are stopped."""
    async with Night(tmp_path).engine(spec_of("g/a", "g/b")) as engine:
        await until(lambda: engine.loop.durable.live)
        if request.param == "in process":
            yield engine.service
            return
        path = str(tmp_path / "s")
        async with serve(engine.service, path):
            yield SocketEngine(path)


async def test_a_real_engine_shows_its_board(real: EngineApi) -> None:
    board = await real.snapshot()
    assert list(board.tasks) == ["g/a", "g/b"]
    async with aclosing(real.changes()) as changes:
        first = await anext(changes)
        assert first.whole
        assert applied(Board(), first).tasks.keys() == board.tasks.keys()
        assert (await real.submit(Pause(), "me")).ok
        board = applied(Board(), first)
        async for change in changes:
            board = applied(board, change)
            if board.head.state == "paused":
                break
    assert (await real.snapshot()).head.state == "paused"


async def test_a_real_engine_answers_by_name(real: EngineApi) -> None:
    assert await real.why("a")
    assert await real.why("g/a")
    assert not (await real.standing("g/a"))["holds"]
    for name in ("g/x", "x"):
        with pytest.raises(NoSuchTaskError):
            await real.why(name)
        with pytest.raises(NoSuchTaskError):
            await real.log(name, None, "stdout", 0, 10)
    with pytest.raises(NoSuchTaskError):
        await real.log("g/a", 9, "stdout", 0, 10)
    assert list(await real.failed()) == []
    assert (await real.report()).startswith("# night")


async def test_a_real_engine_tells_all_of_a_task(real: EngineApi) -> None:
    page = await real.task("a")
    assert page.task == "g/a"
    assert [one.attempt for one in page.attempts] == [1]
    assert page.decisions[0].kind == "launch"
    assert page.command
    with pytest.raises(NoSuchTaskError):
        await real.task("x")


async def test_a_real_engine_draws_its_night(real: EngineApi) -> None:
    assert (await real.submit(Pause(group=None), "me")).ok
    night = await real.timeline(12)
    assert len(night.slices) == 12
    assert night.end > night.begin
    assert [(one.kind, one.subject) for one in night.events] == [("pause", "")]


async def test_a_real_engine_says_that_it_looks_at_no_containers(real: EngineApi) -> None:
    with pytest.raises(SupervisorError):
        await real.describe("1" * 64, 5)
    with pytest.raises(SupervisorError):
        await real.leftovers()


async def test_a_real_engine_refuses_in_words(real: EngineApi) -> None:
    answer = await real.submit(Kill(targets=("g/x",)), "me")
    assert not answer.ok
    assert answer.messages


async def test_a_real_engine_ends_its_changes_in_order(real: EngineApi) -> None:
    async with aclosing(real.changes()) as changes:
        await anext(changes)
        assert (await real.submit(Stop(mode="leave_running"), "me")).ok
        async for _ in changes:
            pass


async def test_when_a_log_grew_is_told(pair: Pair) -> None:
    came = [Arrival(offset=10, at=1.5), Arrival(offset=20, at=9.0, late=True)]
    pair.engine.came["g/b", 1, "stderr"] = came
    assert list(await pair.api.arrivals("g/b", 1, "stderr")) == came
    assert list(await pair.api.arrivals("g/b", None, "stdout")) == []
