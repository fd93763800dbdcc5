"""Sixty containers of a bad night, for pictures: three work, twenty are dead, the rest stand by."""

from dataclasses import replace

from supervisor.core.board import Advice, Board
from supervisor.core.containers import ContainerCounts, ContainerRow, ContainerState
from supervisor.core.models import TaskId
from supervisor.ports.containers import Described
from tests.fakes.engine import FakeEngine
from tests.tui.scene import MINUTE, NOW, engine, night

FOREIGN = "f" * 64


def containers() -> list[ContainerRow]:
    """Return the rows."""
    return [*(_row(n) for n in range(60)), _foreign()]


def dock() -> Board:
    """Return the picture of the night with its containers."""
    rows = {one.id: one for one in containers()}
    why = "57 of 60 containers idle for 12m, 20 dead, daemon at 40% CPU; 3 of 20 tasks at work"
    advice = (Advice(group="corebench", parallel=20, suggested=5, why=why),)
    board = night(advice=advice, containers=ContainerCounts(busy=3, idle=37, dead_idle=20))
    return replace(board, containers=rows)


def docked() -> FakeEngine:
    """Return an engine that shows them and knows what one wrote."""
    fake = engine(dock())
    lines = "\n".join(f"step {n}: \x1b[31mcalling\x1b[0m the model" for n in range(40))
    for one in containers():
        fake.described[one.id] = Described(
            inspection='{\n "Id": "'
            + one.id
            + '",\n "Config": {\n  "Env": ["KEY=[redacted]"]\n }\n}',
            output=f"{one.name} begins\n{lines}\nopenai.AuthenticationError: Error code: 401",
        )
    return fake


def _row(n: int) -> ContainerRow:
    state: ContainerState = "busy" if n < 3 else "dead_idle" if n < 23 else "idle"
    quiet = None if state == "busy" else NOW - 12 * MINUTE - n
    cores = 0.2 + n / 100 if state == "busy" else 0.0001
    return ContainerRow(
        id=f"{n:064x}",
        name=f"agentrun--{n:04d}-4f1c-9a77-e1b0d5c",
        image="hal-agent-runner:latest",
        task=TaskId(f"corebench/capsule-{921079 + n // 3 * 7919:07d}"),
        attempt=1,
        group="corebench",
        owned=True,
        proof="its id file names what this attempt works on",
        state=state,
        since=quiet,
        quiet_since=quiet,
        cores=cores,
        cpu_percent=cores * 50,
        mem_bytes=(12 + n) << 20,
        pids=2 if state == "busy" else 1,
        net_rate=1800.0 if state == "busy" else 0.0,
        created_at=NOW - 47 * MINUTE,
        why="uses 0.2 cores" if state == "busy" else "nothing but a sleeper runs inside",
        history=tuple(cores * (1 + at % 4) for at in range(40)),
    )


def _foreign() -> ContainerRow:
    return ContainerRow(
        id=FOREIGN,
        name="agentrun--colleague-\x1b[31m評価",
        image="hal-agent-runner:latest",
        group="corebench",
        state="idle",
        proof="others here make containers like it",
        quiet_since=NOW - 3 * MINUTE,
        created_at=NOW - 60 * MINUTE,
        mem_bytes=900,
        why="nothing but a sleeper runs inside",
    )
