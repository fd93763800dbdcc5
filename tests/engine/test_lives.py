"""Which attempts may have made containers."""

from dataclasses import replace

from supervisor.core.container_rules import ContainerRules
from supervisor.core.events import Started
from supervisor.core.models import TaskId, TaskSpec
from supervisor.core.runners import Option, RunnerProfile
from supervisor.core.state import Batch, fresh
from supervisor.core.wish import Wish
from supervisor.engine.lives import Lives
from tests.engine.batches import spec_of
from tests.fakes.night import after, ended

A = TaskId("g/a")
RULES = ContainerRules(name=("agentrun--*",))
SWEBENCH = RunnerProfile(
    name="swebench",
    options={"run_id": Option(flags=("--run_id",), default="*")},
    containers=ContainerRules(name=("sweb.eval.*.{run_id}",)),
)


def batch_of(*names: str, rules: ContainerRules | None = RULES, **task: object) -> Batch:
    spec = spec_of(*names)
    groups = tuple(replace(group, containers=rules) for group in spec.groups)
    tasks: tuple[TaskSpec, ...] = tuple(
        replace(one, **task)  # type: ignore[arg-type]
        for one in spec.tasks
    )
    whole = replace(spec, groups=groups, tasks=tasks, profiles=(SWEBENCH,))
    return fresh(whole, "u", 0.0)


def lives(batch: Batch) -> Lives:
    return Lives(lambda: batch, {})


def test_only_batches_with_containers_need_a_watch() -> None:
    assert lives(batch_of("g/a")).needed
    assert not lives(batch_of("g/a", rules=None)).needed
    assert lives(batch_of("g/a", rules=None, profile="swebench")).needed
    assert lives(batch_of("g/a", rules=None, container=Wish(image="i"))).needed


def test_an_option_of_the_command_narrows_the_pattern() -> None:
    named = lives(
        batch_of("g/a", rules=None, profile="swebench", run="x --run_id night")
    ).patterns()
    assert [rules.name for _, rules in named] == [("sweb.eval.*.night",)]
    loose = lives(batch_of("g/a", rules=None, profile="swebench", run="x")).patterns()
    assert [rules.name for _, rules in loose] == [("sweb.eval.*.*",)]


def test_attempts_that_lived_since() -> None:
    batch = after(batch_of("g/a", "g/b"), (Started(task=A, attempt=1, started_at=10.0), 10.0))
    found = {(life.task, life.attempt): life for life in lives(batch).lives(0.0)}
    assert found[A, 1].ended_at is None
    batch = after(batch, (ended("g/a", 1, 50), 50.0))
    (life,) = [life for life in lives(batch).lives(0.0) if life.task == A]
    assert (life.started_at <= 10.0, life.ended_at) == (True, 50.0)
    assert not [life for life in lives(batch).lives(60.0) if life.task == A]


def test_what_a_task_works_on_may_be_named_in_several_ways() -> None:
    batch = after(
        batch_of("g/cap-1", params={"capsule": "0921079"}),
        (Started(task=TaskId("g/cap-1"), attempt=1, started_at=10.0), 10.0),
    )
    (life,) = lives(batch).lives(0.0)
    assert life.names == {"cap-1", "0921079", "capsule-0921079"}


def test_a_changed_batch_file_is_read_anew() -> None:
    now = [batch_of("g/a", rules=None)]
    one = Lives(lambda: now[0], {})
    assert not one.needed
    now[0] = batch_of("g/a")
    assert one.needed
    assert [group for group, _ in one.patterns()] == ["g"]
