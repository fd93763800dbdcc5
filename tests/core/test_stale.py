"""What rests on a need that ran again is stale, is shown, and runs again only when told."""

from supervisor.core.effects import Record
from supervisor.core.events import Tick, Wanted
from supervisor.core.intents import Retry
from supervisor.core.models import BatchSpec, ErrorClass, TaskId
from supervisor.core.options import RunOptions
from supervisor.core.phase import Succeeded, Waiting
from supervisor.core.picture import task_row
from supervisor.core.resume import Plan, plan
from supervisor.core.state import Batch, all_rows, spec_of
from supervisor.core.step import step
from supervisor.core.why import why
from tests.fakes.night import UUID, after, asked, begun, ended, failed, group, task

A, X, Y = TaskId("g/a"), TaskId("h/x"), TaskId("h/y")


def done() -> Batch:
    """g/a, then h/x which needs it, then h/y which needs that: all succeeded."""
    batch = begun(["g/a", task("h/x", needs=("g/a",)), task("h/y", needs=("h/x",)), "h/z"])
    return after(
        batch,
        *((ended(id_, 1, now), now) for now, id_ in enumerate(["h/z", "g/a", "h/x", "h/y"], 1)),
    )


def test_running_a_need_again_makes_stale_what_used_it() -> None:
    batch, text, _ = asked(done(), Retry(targets=("g/a",)), 10)
    assert text.endswith("stale now, for they used it: h/x, h/y (--with-dependents runs them)")
    for id_ in (X, Y):
        assert isinstance(batch.tasks[id_].phase, Succeeded)
        row = task_row(batch, id_, 10)
        assert (row.note, row.stale) == ("stale: g/a ran again since", "g/a")
    assert why(batch, X, 10)[:2] == (
        "h/x succeeded 7s ago.",
        "It is stale: g/a ran again since; to run it again: overnight retry h/x",
    )
    assert batch.tasks[TaskId("h/z")].stale == ""
    _, effects = step(done(), Wanted(intent=Retry(targets=("g/a",)), who="ann"), 10)
    assert Record(kind="stale", subject="h/y", text="g/a, which it needs, runs again") in effects


def test_what_is_stale_runs_again_when_it_is_named() -> None:
    batch, _, _ = asked(done(), Retry(targets=("g/a",)), 10)
    batch = after(batch, (ended("g/a", 2, 20), 20))
    batch, _, _ = asked(batch, Retry(targets=("h/x",)), 30)
    assert batch.tasks[X].stale == ""
    assert batch.tasks[Y].stale == "h/x"


def test_dependents_may_be_run_again_at_once() -> None:
    batch, text, _ = asked(done(), Retry(targets=("g/a",), with_dependents=True), 10)
    assert text == "3 tasks with a new budget: g/a, h/x, h/y"
    assert isinstance(batch.tasks[X].phase, Waiting)
    assert not any(one.stale for one in batch.tasks.values())


def test_what_runs_meanwhile_is_stale_when_it_ends() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",))])
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 6)
    batch = after(batch, (ended("h/x", 1, 7), 7))
    assert batch.tasks[X].stale == "g/a"
    batch = after(batch, (ended("g/a", 2, 8), 8))
    batch, _, _ = asked(batch, Retry(targets=("h/x",)), 9)
    assert batch.tasks[X].stale == ""


def test_tasks_that_share_a_need_find_its_dependents_once() -> None:
    batch = begun(["g/a", "g/b", task("h/x", needs=("{group: g, when: ended}",))])
    batch = after(
        batch,
        (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5),
        (failed("g/b", 1, 5, ErrorClass.BAD_REQUEST), 5),
        (ended("h/x", 1, 6), 6),
    )
    batch, text, _ = asked(batch, Retry(), 7)
    assert "stale now, for they used it: h/x " in text


class _Stored:
    def __init__(self, batch: Batch) -> None:
        self.spec: BatchSpec = spec_of(batch)
        self.rows = all_rows(batch)


def anew(batch: Batch, options: RunOptions) -> Plan:
    return plan(spec_of(batch), _Stored(batch), options, 100, UUID)


def test_a_run_that_forces_a_need_makes_stale_what_used_it() -> None:
    planned = anew(done(), RunOptions(force=True, filter="g/*"))
    assert planned.batch.tasks[Y].stale == "g/a"
    batch = after(planned.batch, (Tick(), 100), (ended("g/a", 2, 110), 110))
    again = anew(batch, RunOptions())
    assert again.nothing_to_do
    assert (
        "stale, for what they need ran again since: h/x, h/y; "
        "to run them again: overnight run /home/eva/night.yaml --with-dependents"
    ) in again.messages
    renewed = anew(batch, RunOptions(with_dependents=True)).batch
    assert isinstance(renewed.tasks[X].phase, Waiting)
    assert isinstance(renewed.tasks[A].phase, Succeeded)


def test_an_attempt_that_lives_is_left_alone() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",))], [group("h", parallel=1)])
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 6)
    renewed = anew(batch, RunOptions(with_dependents=True)).batch
    assert renewed.tasks[X].phase == batch.tasks[X].phase
    assert renewed.tasks[X].stale == "g/a"
