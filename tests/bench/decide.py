"""What one decision costs, against the number of tasks: it must not grow with them."""

import gc
import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from supervisor.core.effects import Effect, StartAttempt
from supervisor.core.events import Event, Tick
from supervisor.core.hours import Hours
from supervisor.core.models import BatchSpec, ErrorClass, LimitId
from supervisor.core.state import Batch, fresh
from supervisor.core.step import next_wakeup, step
from tests.bench.gate import Figure, show
from tests.fakes.night import UUID, batch_spec, ended, failed, group, started, task

SIZES = (100, 1000, 20_000)
_GROUPS = 8
_FAILS = 0.1
_ROUNDS = 3


def table(*, quick: bool, slack: float) -> int:
    """Print the table; return how many limits were missed."""
    most = 2000 if quick else 20_000
    figures: list[Figure] = []
    medians: dict[int, float] = {}
    for tasks in SIZES:
        # The same night each time; what other programs do to the caches differs.
        nights = [list(_costs(tasks, most)) for _ in range(_ROUNDS)]
        costs = sorted(min(rounds) for rounds in zip(*nights, strict=True))
        medians[tasks] = statistics.median(costs)
        limit = 100.0 if tasks == SIZES[-1] else None
        figures += [
            Figure(
                name=f"{tasks} tasks, median of {len(costs)}",
                value=medians[tasks],
                limit=limit,
                unit="µs",
                absolute=True,
            ),
            Figure(name=f"{tasks} tasks, 99 %", value=costs[len(costs) * 99 // 100], unit="µs"),
            Figure(name=f"{tasks} tasks, the dearest", value=costs[-1] / 1000, unit="ms"),
        ]
    ratio = medians[SIZES[-1]] / medians[SIZES[0]]
    figures.append(Figure(name="20,000 against 100 tasks", value=ratio, limit=3.0))
    notes = [
        f"{_GROUPS} groups of 8 at once with weights, shares that others need, limits and hours;",
        "one decision is one event stepped: a start, an end (one in ten a failure) or a deadline.",
        f"CPU time, the least of {_ROUNDS} nights alike; the dearest makes ready at once what waited for half of a group.",
    ]
    return show("Cost of one decision", notes, figures, slack)


@dataclass(slots=True)
class _Night:
    """A batch under way, and what happens to it next."""

    batch: Batch
    chance: random.Random
    now: float = 0.0
    living: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def events(self) -> Iterator[Event]:
        """Yield what happens, in the order of time, until the batch is over."""
        yield Tick()
        while self.living or next_wakeup(self.batch) is not None:
            self.now += 1.0
            wakeup = next_wakeup(self.batch)
            if wakeup is not None and (wakeup <= self.now or not self.living):
                self.now = max(self.now, wakeup)
                yield Tick()
                continue
            place = self.chance.randrange(len(self.living))
            id_, attempt = self.living[place]
            self.living[place] = self.living[-1]
            self.living.pop()
            yield started(id_, attempt, self.now)
            if self.chance.random() < _FAILS:
                yield failed(id_, attempt, self.now, ErrorClass.SERVER_ERROR)
            else:
                yield ended(id_, attempt, self.now)

    def take(self, effects: tuple[Effect, ...]) -> None:
        """Note what was launched."""
        self.living += [(e.task, e.attempt) for e in effects if isinstance(e, StartAttempt)]


def _costs(tasks: int, most: int) -> Iterator[float]:
    """Yield the microseconds of each decision of a night; the first looks at everything once."""
    night = _Night(fresh(_spec(tasks), UUID, 0.0), random.Random(7))
    gc.collect()
    for count, event in enumerate(night.events()):
        began = time.thread_time_ns()
        night.batch, effects = step(night.batch, event, night.now)
        took_ns = time.thread_time_ns() - began
        night.take(effects)
        if count:
            yield took_ns / 1000
        if count >= most or night.batch.desk.ended_at is not None:
            return


def _spec(count: int) -> BatchSpec:
    """A batch whose later groups need parts of the ones before."""
    each = count // _GROUPS
    specs = [
        task(
            f"g{number}/t{place}",
            limits=(LimitId("api" if number % 2 else f"g{number}"),),
            weight=2 if place % 5 == 0 else 1,
            needs=(f"{{group: g{number - 4}, done: 50%}}",) if number >= 4 and place % 2 else (),
        )
        for place in range(each)
        for number in range(_GROUPS)
    ]
    groups = [group(f"g{number}", parallel=8) for number in range(_GROUPS)]
    hours = Hours(opens=0, closes=1439)
    return batch_spec(specs, groups, parallel=40, hours=hours)
