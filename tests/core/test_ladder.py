"""The ladder: smaller after what was too big, learnt by the group, climbed only on a word."""

import re
from dataclasses import replace

import pytest

from supervisor.core.batch import Closed, Group, HalfOpen, Rows, Task
from supervisor.core.codec import dumps, loads
from supervisor.core.effects import EndEngine
from supervisor.core.events import Tick
from supervisor.core.intents import Reload, Retry
from supervisor.core.ladder import next_rung, note, settings, told
from supervisor.core.models import BreakerPolicy, DegradePolicy, ErrorClass, GroupId, TaskId
from supervisor.core.phase import BackingOff, Failed, Waiting
from supervisor.core.picture import task_row
from supervisor.core.rungs import Rung
from supervisor.core.state import Batch, all_rows, assemble, spec_of
from supervisor.core.step import step
from supervisor.core.why import why
from tests.fakes.night import (
    after,
    asked,
    batch_spec,
    begun,
    ended,
    failed,
    group,
    play,
    start,
    started,
)

A, G = TaskId("g/a"), GroupId("g")
OOM, CUDA = ErrorClass.CUDA_OOM, ErrorClass.CUDA_ERROR
LADDER = DegradePolicy(knob="batch_size", start=8, least=2)
WITH_CPU = replace(LADDER, least=4, env={"FORCE_CPU": "1"})
MANY = [f"g/{name}" for name in "abcdefgh"]


def night(policy: DegradePolicy | None = LADDER, *ids: str, **more: object) -> Batch:
    return begun(ids or ("g/a",), [group("g", degrade=policy, **more)])


def size(batch: Batch, id_: str = "g/a") -> str:
    return settings(batch, TaskId(id_))[0]["batch_size"]


def test_too_big_is_tried_smaller_at_once_and_costs_no_attempt() -> None:
    batch = night()
    assert size(batch) == "8"
    batch = play(
        batch,
        (failed("g/a", 1, 10, OOM), 10, [start("g/a", 2)]),
        (failed("g/a", 2, 20, OOM), 20, [start("g/a", 3)]),
    )
    assert size(batch) == "2"
    assert batch.tasks[A].failures == 0
    assert [one.decision for one in batch.tasks[A].history] == [
        "batch_size 8 -> batch_size 4, at no cost",
        "batch_size 4 -> batch_size 2, at no cost",
    ]
    batch = play(batch, (failed("g/a", 3, 30, OOM), 30, [EndEngine(why="done")]))
    assert isinstance(batch.tasks[A].phase, Failed)
    assert batch.tasks[A].history[-1].decision == "batch_size 2 is the end of its ladder"
    assert batch.tasks[A].failures == 1


def test_the_last_rung_is_another_environment() -> None:
    batch = after(night(WITH_CPU), (failed("g/a", 1, 10, OOM), 10), (failed("g/a", 2, 20, OOM), 20))
    assert settings(batch, A) == ({"batch_size": "4"}, {"FORCE_CPU": "1"})
    assert (
        batch.tasks[A]
        .history[-1]
        .decision.endswith("-> batch_size 4 with FORCE_CPU set, at no cost")
    )
    batch = after(batch, (failed("g/a", 3, 30, OOM), 30))
    assert isinstance(batch.tasks[A].phase, Failed)


def test_the_first_cuda_error_is_tried_as_it_was() -> None:
    batch = after(night(), (failed("g/a", 1, 10, CUDA), 10))
    assert isinstance(batch.tasks[A].phase, BackingOff)
    assert batch.tasks[A].failures == 1
    batch = after(batch, (Tick(), 100))
    assert size(batch) == "8"
    batch = play(batch, (failed("g/a", 2, 110, CUDA), 110, [start("g/a", 3)]))
    assert size(batch) == "4"
    assert batch.tasks[A].failures == 1


def test_a_cuda_error_without_attempts_left_takes_a_rung_at_once() -> None:
    own = {CUDA: 1}
    batch = after(night(LADDER, attempts_by_class=own), (failed("g/a", 1, 10, CUDA), 10))
    assert size(batch) == "4"


@pytest.mark.parametrize("policy", [None, replace(LADDER, after=(CUDA,))])
def test_without_a_ladder_for_it_a_class_backs_off(policy: DegradePolicy | None) -> None:
    batch = after(night(policy), (failed("g/a", 1, 10, OOM), 10))
    assert isinstance(batch.tasks[A].phase, BackingOff)
    assert batch.tasks[A].failures == 1


def test_a_full_memory_of_the_host_lowers_both_if_so_asked() -> None:
    ladder = replace(LADDER, after=(ErrorClass.HOST_OOM,))
    batch = after(night(ladder), (failed("g/a", 1, 10, ErrorClass.HOST_OOM), 10))
    assert size(batch) == "4"
    assert batch.groups[G].parallel == 3


def test_three_tasks_in_a_row_teach_the_group() -> None:
    batch = night(LADDER, *MANY, parallel=1)
    now = 0.0
    for id_ in MANY[:3]:
        now += 10
        batch = after(batch, (failed(id_, 1, now, OOM), now))
        now += 10
        batch = after(batch, (ended(id_, 2, now), now))
    assert batch.groups[G].rung == Rung(knob="batch_size", value=4)
    assert size(batch, "g/d") == "4"
    assert told(batch, TaskId("g/e")) == (
        "Its next attempt runs with batch_size 4: g begins there: 3 tasks in a row needed it.",
    )
    assert told(batch, TaskId("g/d")) == ("It runs with batch_size 4, its group's first is 8.",)
    assert why(batch, TaskId("g/e"), now)[-1] == told(batch, TaskId("g/e"))[0]


def test_the_lesson_is_written_down_with_its_reason() -> None:
    batch = night(LADDER, *MANY)
    for id_ in MANY[:2]:
        batch = after(batch, (failed(id_, 1, 10, OOM), 10))
    _, effects = step(batch, failed("g/c", 1, 20, OOM), 20)
    said = [one for one in effects if getattr(one, "kind", "") == "degrade"]
    assert [(one.subject, one.text) for one in said] == [  # type: ignore[union-attr]
        (
            "g/c",
            "cuda_oom: GPU memory ran out: it said so - batch_size 8 -> batch_size 4, at no cost",
        ),
        ("g", "tasks begin with batch_size 4: g/a, g/b, g/c needed it"),
    ]


def test_a_probe_that_steps_down_probes_on() -> None:
    policy = BreakerPolicy(consecutive=1, probe_after_s=60)
    batch = night(LADDER, "g/a", "g/b", "g/c", parallel=1, breaker=policy)
    batch = after(batch, (failed("g/a", 1, 10, ErrorClass.BAD_REQUEST), 10), (Tick(), 80))
    batch = play(batch, (failed("g/b", 1, 90, OOM), 90, [start("g/b", 2)]))
    breaker = batch.groups[G].breaker
    assert isinstance(breaker, HalfOpen)
    assert breaker.probe == "g/b"
    assert isinstance(after(batch, (ended("g/b", 2, 99), 99)).groups[G].breaker, Closed)


def test_a_success_where_tasks_begin_forgets_the_steps_before() -> None:
    batch = night(LADDER, *MANY)
    batch = after(
        batch,
        (failed("g/a", 1, 10, OOM), 10),
        (failed("g/b", 1, 11, OOM), 11),
        (ended("g/a", 2, 12), 12),
    )
    assert len(batch.groups[G].stepped) == 2, "a success further down tells nothing"
    batch = after(batch, (ended("g/c", 1, 13), 13), (failed("g/d", 1, 14, OOM), 14))
    assert len(batch.groups[G].stepped) == 1
    assert batch.groups[G].rung is None


def test_nothing_climbs_back_by_itself() -> None:
    batch = night(LADDER, *MANY, parallel=3)
    batch = after(batch, *((failed(id_, 1, 10, OOM), 10) for id_ in MANY[:3]))
    for now, id_ in enumerate(MANY[:7], 20):
        batch = after(batch, (ended(id_, 2 if id_ in MANY[:3] else 1, now), now))
    assert batch.groups[G].rung == Rung(knob="batch_size", value=4)
    assert size(batch, "g/h") == "4"


def test_late_steps_from_above_teach_nothing_and_one_task_counts_once() -> None:
    batch = night(LADDER, *MANY)
    for id_ in ("g/a", "g/b", "g/c", "g/d"):
        batch = after(batch, (failed(id_, 1, 10, OOM), 10))
    assert batch.groups[G].stepped == ()
    assert batch.groups[G].rung == Rung(knob="batch_size", value=4)
    assert size(batch, "g/d") == "4"


def test_steps_of_two_rungs_are_learnt_at_once() -> None:
    batch = night(LADDER, *MANY)
    for id_ in ("g/a", "g/b", "g/c"):
        batch = after(batch, (failed(id_, 1, 10, ErrorClass.NETWORK), 10))
    batch = after(
        night(LADDER, *MANY),
        (failed("g/a", 1, 10, OOM), 10),
        (failed("g/a", 2, 11, OOM), 11),
        (failed("g/b", 1, 12, OOM), 12),
        (failed("g/b", 2, 13, OOM), 13),
        (failed("g/c", 1, 14, OOM), 14),
    )
    assert batch.groups[G].rung == Rung(knob="batch_size", value=4)
    batch = after(batch, (failed("g/c", 2, 15, OOM), 15))
    assert batch.groups[G].rung == Rung(knob="batch_size", value=2)
    assert next_rung(batch, TaskId("g/h")) == Rung(knob="batch_size", value=2)


def test_a_step_taken_again_after_a_word_counts_once() -> None:
    batch = after(night(LADDER, *MANY), (failed("g/a", 1, 10, OOM), 10))
    rows = all_rows(batch)
    back = replace(rows.tasks[A], rung=None)
    batch = assemble(spec_of(batch), replace(rows, tasks={**rows.tasks, A: back}))
    batch = after(batch, (failed("g/a", 2, 20, OOM), 20))
    assert len(batch.groups[G].stepped) == 1


def test_retry_gives_the_whole_ladder_to_what_its_end_failed() -> None:
    events = [(failed("g/a", n, 10.0 * n, OOM), 10.0 * n) for n in (1, 2, 3)]
    batch = after(begun(["g/a", "g/z"], [group(degrade=LADDER)]), *events)
    batch, _, refused = asked(batch, Retry(targets=("g/a",)), 50)
    assert not refused
    assert size(batch) == "8"


def test_retry_after_another_failure_keeps_the_rung() -> None:
    batch = after(
        begun(["g/a", "g/z"], [group(degrade=LADDER)]),
        (failed("g/a", 1, 10, OOM), 10),
        (failed("g/a", 2, 20, ErrorClass.BAD_REQUEST), 20),
    )
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 50)
    assert size(batch) == "4"


def test_what_a_task_runs_with_is_shown() -> None:
    batch = night(LADDER, "g/a", "g/b", parallel=1)
    assert told(batch, A) == ("It runs with batch_size 8.",)
    assert told(batch, TaskId("g/b")) == ()
    assert note(batch, A) is None
    assert note(batch, TaskId("g/b")) is None
    batch = after(batch, (started("g/a", 1, 1), 1), (failed("g/a", 1, 10, OOM), 10))
    assert task_row(batch, A, 10).note == "batch_size 4"
    batch = after(batch, (failed("g/a", 2, 20, ErrorClass.NETWORK), 20))
    assert told(batch, A) == (
        "Its next attempt runs with batch_size 4: what it had before was too much for its GPU.",
    )
    assert why(batch, A, 20)[1] == told(batch, A)[0]
    assert settings(night(None), A) == ({}, {})
    assert (told(night(None), A), note(night(None), A)) == ((), None)
    assert next_rung(night(None), A) is None


def test_another_ladder_in_the_file_counts_at_once() -> None:
    batch = after(night(LADDER, "g/a", "g/b", parallel=1), (failed("g/a", 1, 10, OOM), 10))
    other = replace(LADDER, knob="samples", start=100)
    spec = batch_spec(["g/a", "g/b"], [group(degrade=other, parallel=1)])
    batch, _, _ = asked(batch, Reload(spec=spec), 20)
    assert next_rung(batch, TaskId("g/b")) == Rung(knob="samples", value=100)
    batch, _, _ = asked(
        batch,
        Reload(spec=batch_spec(["g/a", "g/b"], [group(degrade=replace(LADDER, start=2))])),
        30,
    )
    assert next_rung(batch, TaskId("g/b")) == Rung(knob="batch_size", value=2)


def test_rows_of_before_there_were_ladders_load() -> None:
    rows = Rows(tasks={A: Task(id=A, phase=Waiting())}, groups={G: Group(name=G, parallel=2)})
    text = dumps(rows, Rows)
    for name in (r'"rung":null,', r'"rung_fixed":false,', r'"cuda_errors":0,', r'"stepped":\[\],?'):
        assert re.search(name, text), name
        text = re.sub(name, "", text)
    assert loads(Rows, text.replace(",}", "}")) == rows
