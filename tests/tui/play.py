"""A screen to look at without an engine: ``python -m tests.tui.play --help``."""

import argparse
import asyncio
import itertools
import random
import time
from dataclasses import replace

from supervisor.core.board import TaskRow
from supervisor.tui.app import OvernightApp
from tests.fakes.engine import FakeEngine, board_of, row
from tests.tui.scene import LONG, NOW, THEMES, engine, groups, night


def many(tasks: int) -> FakeEngine:
    """Return an engine with ``tasks`` tasks in five groups."""
    names = ("scicode", "corebench", "usaco", "colbench", "scienceagentbench")
    rows = [
        row(
            f"{names[n % 5]}/task-{n:05d}",
            "running" if n < 60 else "waiting",
            attempt=1 if n < 60 else 0,
            attempts=4,
            since=time.time() - 400 if n < 60 else None,
            progress=(n, 100) if n < 60 else None,
        )
        for n in range(tasks)
    ]
    return FakeEngine(
        board_of(*rows, batch="many", groups=groups(rows), started_at=time.time() - 4000)
    )


class Playground(OvernightApp):
    """The program, with an engine that makes things up."""

    fake: FakeEngine
    rows: int = 0

    def on_ready(self) -> None:
        if self.rows:
            self.run_worker(self._stir(), group="play")

    async def _stir(self) -> None:
        dice = random.Random(7)
        for beat in itertools.count():
            await asyncio.sleep(1.0)
            running = [one for one in self.fake.board.tasks.values() if one.phase == "running"]
            some = running if self.rows >= len(running) else running[: self.rows]
            await self.fake.show(*(self._changed(one, dice) for one in some))
            key = (LONG, 2, "stdout")
            if key in self.fake.logs:
                self.fake.logs[key] += b"beat %d\n" % beat

    @staticmethod
    def _changed(one: TaskRow, dice: random.Random) -> TaskRow:
        done, total = one.progress or (0, 100)
        return replace(one, progress=((done + dice.randint(1, 3)) % total, total))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--tasks", type=int, default=0, help="that many plain tasks")
    parser.add_argument("--changing", type=int, default=0, help="rows that change each second")
    parser.add_argument("--theme", default="night")
    parser.add_argument("--scene", choices=("night", "done", "gone", "empty"), default="night")
    parser.add_argument("--read-only", action="store_true")
    told = parser.parse_args()
    fake = many(told.tasks) if told.tasks else engine(_scene(told.scene))
    fake.gone = told.scene == "gone"
    app = Playground(
        fake,
        themes=THEMES,
        theme=told.theme,
        now=time.time if told.tasks else lambda: NOW,
        read_only=told.read_only,
    )
    app.fake, app.rows = fake, told.changing
    app.run()


def _scene(name: str):
    if name == "done":
        board = night(state="done", limits=(), needs_you=(), advice=())
        rows = [
            replace(one, phase="succeeded", error_class=None, cause=None, note=None, next_at=None)
            if one.phase not in ("failed", "aborted", "cancelled")
            else one
            for one in board.tasks.values()
        ]
        facts = {n: getattr(board.head, n) for n in ("batch", "started_at", "as_of", "state")}
        return board_of(*rows, **facts, groups=groups(rows))
    return board_of() if name == "empty" else night()


if __name__ == "__main__":
    main()
