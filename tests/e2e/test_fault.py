"""A programming error of the engine itself is loud, ends no run, and does not end the night."""

import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from supervisor.bootstrap import connect
from supervisor.core.board import Board
from supervisor.core.intents import First, Intent, Pause, Resume
from supervisor.core.models import BatchSpec
from supervisor.core.options import RunOptions
from supervisor.engine.announce import EngineInfo, read_info
from supervisor.engine.launch import write_launch
from supervisor.ports import EngineGoneError
from tests.e2e.crash import batch_of, ended, start, starts, stored
from tests.e2e.night import OVERNIGHT
from tests.support import until_sync

SLOW = (
    'echo "$OVERNIGHT_TASK $OVERNIGHT_ATTEMPT" >> {starts}; umask > umask.$OVERNIGHT_SLOT;'
    " ulimit -Sn > files.$OVERNIGHT_SLOT;"
    " while [ ! -e {starts}.go ]; do sleep 0.05; done; exit {code}"
)
FAULTY = """
import sys
from pathlib import Path
from supervisor.bootstrap import run_engine
from supervisor.core.events import Wanted
from supervisor.core.intents import First
from supervisor.engine import loop

right = loop.step

def step(batch, event, now):
    if isinstance(event, Wanted) and isinstance(event.intent, First):
        raise KeyError("a bug")
    return right(batch, event, now)

loop.step = step
sys.exit(run_engine(Path(sys.argv[1]), None, [float(at) for at in sys.argv[2:]]))
"""


class Faulty:
    """An engine that fails when it is asked for ``First``; the one after it does not."""

    def __init__(self, spec: BatchSpec, faults: list[float]) -> None:
        self.directory = write_launch(spec, RunOptions())
        self.process = subprocess.Popen(
            [sys.executable, "-c", FAULTY, str(self.directory), *map(str, faults)],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            umask=0o022,
        )

    def info(self) -> EngineInfo | None:
        found = read_info(self.directory / "engine.json")
        return found if found is not None and found.ended_at is None else None

    def tell(self, intent: Intent) -> None:
        if info := self.info():
            asyncio.run(connect(info).submit(intent, "ada"))

    def board(self) -> Board | None:
        """What the engine shows now; None: it does not answer."""
        info = self.info()
        try:
            return asyncio.run(connect(info).snapshot()) if info else None
        except EngineGoneError:
            return None

    def fail(self) -> None:
        with pytest.raises(EngineGoneError):
            self.tell(First(targets=("g/0",)))

    def went_on(self) -> list[bool]:
        """Whether it went on, at each of its failures, as engine.log tells."""
        lines = (self.directory / "engine.log").read_text().splitlines()
        entries = [json.loads(line) for line in lines]
        failures = [one for one in entries if "the engine failed" in json.dumps(one)]
        assert all("a bug" in json.dumps(one) for one in failures)
        return ['"goes_on": true' in json.dumps(one) for one in failures]


def overnight(*argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [OVERNIGHT, *argv],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def faulty(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[Faulty]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    engine = Faulty(batch_of(tmp_path, 10, SLOW), getattr(request, "param", []))
    with engine.process:
        yield engine
        engine.process.kill()


def test_another_engine_goes_on_in_its_place(tmp_path: Path, faulty: Faulty) -> None:
    until_sync(lambda: len(starts(tmp_path)) == 8, timeout_s=30)
    faulty.tell(Pause())
    before = faulty.info()
    assert before is not None
    clients = [overnight("wait", "crash"), overnight("attach", "crash")]
    assert clients[1].stdout is not None
    assert "running" in clients[1].stdout.readline()
    faulty.fail()

    def needs() -> list[str]:
        board = faulty.board()
        return [one.what for one in board.head.needs_you] if board else []

    until_sync(lambda: "engine" in needs(), timeout_s=30)
    board, after = faulty.board(), faulty.info()
    assert board is not None
    assert after is not None
    assert (after.pid, after.start_time) == (before.pid, before.start_time)
    assert board.head.state == "paused", "what the operator said holds"
    engine = next(one for one in board.head.needs_you if one.what == "engine")
    assert "failed once" in engine.why
    assert engine.command == f"less {faulty.directory}/engine.log"
    assert faulty.went_on() == [True]

    faulty.tell(Resume())
    (tmp_path / "starts.go").touch()
    assert faulty.process.wait(60) == 0
    # One task failed: that is the batch's result for ``wait``, while ``attach`` only looked on.
    told = [client.communicate(timeout=20)[1] for client in clients]
    assert [client.returncode for client in clients] == [1, 0], told
    assert starts(tmp_path) == Counter(f"g/{number} 1" for number in range(10))
    histories = [task.history for task in stored(batch_of(tmp_path, 10, SLOW)).values()]
    assert [[one.code for one in history] for history in histories] == [[0]] * 7 + [[3]] + [[0]] * 2
    for kind in ("umask", "files"):
        assert len({path.read_text() for path in tmp_path.glob(f"{kind}.*")}) == 1


@pytest.mark.parametrize("faulty", [[time.time() - n for n in (30, 20, 10)]], indirect=True)
def test_the_fourth_fault_in_ten_minutes_ends_it_and_no_run(tmp_path: Path, faulty: Faulty) -> None:
    until_sync(lambda: len(starts(tmp_path)) == 8, timeout_s=30)
    faulty.fail()
    assert faulty.process.wait(30) == 1
    assert faulty.process.stderr is not None
    assert "KeyError: 'a bug'" in faulty.process.stderr.read()
    assert faulty.went_on() == [False]

    (tmp_path / "starts.go").touch()
    spec, engines = batch_of(tmp_path, 10, SLOW), list[EngineInfo]()
    start(spec, engines)
    until_sync(lambda: ended(engines[-1]), timeout_s=60)
    assert starts(tmp_path) == Counter(f"g/{number} 1" for number in range(10))
