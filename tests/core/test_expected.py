"""Among equals the longest runs first, as far as earlier attempts tell."""

from dataclasses import replace

from supervisor.core.effects import StartAttempt
from supervisor.core.events import Tick
from supervisor.core.expected import took_s
from supervisor.core.intents import First, Retry
from supervisor.core.models import BatchSpec, TaskId
from supervisor.core.options import RunOptions
from supervisor.core.resume import plan
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.core.step import step
from supervisor.core.why import why
from tests.fakes.night import UUID, after, asked, begun, ended, group, task

TOOK = {"g/a": 10, "g/b": 300, "g/c": 60}


def done() -> Batch:
    """Tasks that took so long each."""
    batch = begun(TOOK, [group(parallel=3)])
    for id_, now in sorted(TOOK.items(), key=lambda one: one[1]):
        batch = after(batch, (ended(id_, 1, now), now))
    return batch


class _Stored:
    def __init__(self, batch: Batch) -> None:
        self.spec: BatchSpec = spec_of(batch)
        self.rows = all_rows(batch)


def run_again(batch: Batch, spec: BatchSpec | None = None) -> Batch:
    """The batch as ``run --force`` would begin it, one task at a time."""
    options = RunOptions(force=True, parallel=1)
    return plan(spec or spec_of(batch), _Stored(batch), options, 500, UUID).batch


def order(batch: Batch) -> list[str]:
    """In which order the batch launches its tasks, one at a time."""
    seen: list[str] = []
    batch, effects = step(batch, Tick(), 500)
    while launched := [one for one in effects if isinstance(one, StartAttempt)]:
        seen += [one.task for one in launched]
        batch, effects = step(batch, ended(launched[0].task, launched[0].attempt, 501), 501)
    return seen


def test_the_longest_runs_first() -> None:
    assert order(run_again(done())) == ["g/b", "g/c", "g/a"]
    assert took_s(done().tasks[TaskId("g/b")]) == 300


def test_what_never_ran_is_expected_to_take_as_long_as_the_others() -> None:
    batch = done()
    spec = spec_of(batch)
    again = run_again(batch, replace(spec, tasks=(*spec.tasks, task("g/d", index=3))))
    assert round(again.tasks[TaskId("g/d")].expected_s) == 123
    assert order(again) == ["g/b", "g/d", "g/c", "g/a"]


def test_what_changed_is_expected_to_take_as_long_as_the_others() -> None:
    batch = done()
    spec = spec_of(batch)
    tasks = tuple(replace(one, run="other") if one.id == "g/b" else one for one in spec.tasks)
    again = run_again(batch, replace(spec, tasks=tasks))
    assert again.tasks[TaskId("g/b")].expected_s == 35


def test_a_first_run_keeps_the_order_of_the_file() -> None:
    batch = begun(["g/a", "g/b", "g/c"], parallel=1)
    assert {one.expected_s for one in batch.tasks.values()} == {0}
    assert why(batch, TaskId("g/b"), 1)[-1].startswith("- 1 of 1 run at once")


def test_retried_tasks_run_longest_first_but_first_comes_before() -> None:
    batch, _, _ = asked(run_again(done()), Retry(targets=("g/a",)), 500)
    batch = after(batch, (ended("g/b", 2, 800), 800), (ended("g/c", 2, 860), 860))
    batch, _, _ = asked(batch, Retry(targets=("g/b", "g/c")), 900)
    told = "Of its group the longest run first; it takes about 5m."
    assert why(batch, TaskId("g/b"), 901)[2] == told
    batch, _, _ = asked(batch, First(targets=("g/c",)), 902)
    _, effects = step(batch, ended("g/a", 2, 903), 903)
    assert [one.task for one in effects if isinstance(one, StartAttempt)] == ["g/c"]
