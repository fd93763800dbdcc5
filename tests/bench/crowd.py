"""``python -m tests.bench.crowd SOCKET TASKS CHANGES``: an engine of many tasks that never rest.

It runs nothing. It shows TASKS tasks and 60 containers over the socket of a real engine, and changes
CHANGES tasks a second: some begin, go on, wait, fail and succeed, so that places in every list change.
"""

import asyncio
import itertools
import random
import sys
import time
from dataclasses import replace

from supervisor.core.board import Board, TaskRow
from supervisor.core.containers import ContainerRow, ContainerState
from supervisor.core.machine import MachineSeen, Resources, RunnerRow
from supervisor.core.names import TaskId
from supervisor.core.night import Event, Slice, Timeline
from supervisor.ipc.server import serve
from supervisor.ports.containers import Described
from tests.fakes.engine import FakeEngine, board_of, row
from tests.tui.scene import groups

GROUPS = ("scicode", "corebench", "usaco", "colbench", "scienceagentbench")
CAUSES = (
    ("auth", "openai.AuthenticationError: Error code: 401 - token of task {n} expired"),
    ("server_error", "openai.InternalServerError: Error code: 503 - upstream {n} reset"),
    ("network", "httpx.ConnectError: [Errno 104] Connection reset by peer ({n})"),
    ("broken", "ModuleNotFoundError: No module named 'bench_{n}'"),
)
CONTAINERS = 60
_BEAT_S = 0.25


def task(n: int, dice: random.Random, now: float) -> TaskRow:
    """Return one task in a phase that chance picks."""
    phase = dice.choices(
        ("waiting", "running", "succeeded", "failed", "backing_off", "held"),
        (60, 4, 25, 8, 2, 1),
    )[0]
    return changed(row(f"{GROUPS[n % 5]}/instance-{n:05d}", attempts=4), phase, dice, now)


def changed(one: TaskRow, phase: str, dice: random.Random, now: float) -> TaskRow:
    """Return the task as it entered ``phase``."""
    bad = phase in ("failed", "backing_off", "held")
    error_class, cause = dice.choice(CAUSES) if bad else (None, None)
    return replace(
        one,
        phase=phase,
        attempt=0 if phase == "waiting" else dice.randint(1, 4),
        since=None if phase == "waiting" else now - dice.random() * 4000,
        error_class=error_class,
        cause=cause.format(n=dice.randint(0, 999)) if cause else None,
        next_at=now + 900 * dice.random() if phase in ("backing_off", "held") else None,
        progress=(dice.randint(0, 99), 100) if phase == "running" else None,
        note="needs scicode" if phase == "waiting" else None,
    )


def container(n: int, dice: random.Random, now: float) -> ContainerRow:
    """Return one container that works or does not."""
    states: tuple[ContainerState, ...] = ("busy", "idle", "dead_idle")
    state = dice.choices(states, (5, 80, 15))[0]
    cores = dice.random() if state == "busy" else 0.0
    return ContainerRow(
        id=f"{n:064x}",
        name=f"agentrun--{n:04d}-4f1c",
        image="hal-agent-runner:latest",
        task=TaskId(f"corebench/instance-{n * 5 + 1:05d}"),
        group="corebench",
        owned=True,
        state=state,
        quiet_since=None if state == "busy" else now - 600 * dice.random(),
        cores=cores,
        mem_bytes=dice.randint(10, 900) << 20,
        pids=dice.randint(1, 9),
        net_rate=dice.random() * 9000,
        created_at=now - 3000,
        why="nothing but a sleeper runs inside",
        history=tuple(dice.random() * cores for _ in range(40)),
    )


def crowd(tasks: int) -> FakeEngine:
    """Return the engine, with something to see on every screen."""
    dice, now = random.Random(7), time.time()
    rows = [task(n, dice, now) for n in range(tasks)]
    board: Board = board_of(
        *rows, batch="crowd", groups=groups(rows), started_at=now - 9000, as_of=now
    )
    containers = {one.id: one for one in (container(n, dice, now) for n in range(CONTAINERS))}
    fake = FakeEngine(replace(board, containers=containers))
    for id_ in containers:
        fake.described[id_] = Described(inspection="{}", output="\n".join(map(str, range(40))))
    log = "".join(f"{dice.getrandbits(400):x}\n" for _ in range(5000)).encode()
    for one in rows:
        for attempt in range(1, 5):
            fake.logs[one.task, attempt, "stdout"] = log
    fake.resourced = Resources(
        machine=MachineSeen(at=now, cores=16, mem_bytes=64 << 30, available_bytes=9 << 30),
        runners=tuple(
            RunnerRow(task=one.task, attempt=one.attempt, cores=dice.random(), mem_bytes=1 << 30)
            for one in rows
            if one.phase == "running"
        ),
    )
    fake.night = Timeline(
        begin=now - 9000,
        end=now,
        as_of=now,
        slices=tuple(Slice(running=n % 9, good=n % 4, bad=n % 3) for n in range(60)),
        stretches=(),
        events=tuple(
            Event(at=now - 9000 + n * 20, kind="retry", subject=rows[n].task, text="by lea")
            for n in range(min(400, tasks))
        ),
        costs=(),
    )
    return fake


async def stir(fake: FakeEngine, changes: int) -> None:
    """Change rows for ever."""
    dice = random.Random(11)
    names = list(fake.board.tasks)
    for beat in itertools.count():
        now = time.time()
        some = [fake.board.tasks[name] for name in dice.sample(names, int(changes * _BEAT_S))]
        await fake.show(*(_next(one, dice, now) for one in some), as_of=now)
        if beat % 4 == 0:
            await fake.show_containers(
                *(container(n, dice, now) for n in dice.sample(range(60), 8))
            )
        await asyncio.sleep(_BEAT_S)


def _next(one: TaskRow, dice: random.Random, now: float) -> TaskRow:
    if one.phase == "running" and one.progress is not None and dice.random() < 0.7:
        return replace(one, progress=(min(100, one.progress[0] + 1), 100))
    phases = ("waiting", "running", "succeeded", "failed", "backing_off")
    return changed(one, dice.choice(phases), dice, now)


async def main() -> None:
    """Serve until it is ended."""
    path, tasks, changes = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    fake = crowd(tasks)
    async with serve(fake, path), asyncio.TaskGroup() as group:
        group.create_task(stir(fake, changes), name="stir")


if __name__ == "__main__":
    asyncio.run(main())
