"""Tasks added and edited while the batch runs."""

from supervisor.core.effects import EndEngine
from supervisor.core.intents import Add, Edit, Retry, Stop
from supervisor.core.models import BreakerPolicy, ErrorClass, GroupId, LimitId, TaskId
from supervisor.core.phase import Starting, Waiting
from supervisor.core.state import spec_of
from tests.fakes.night import after, asked, begun, ended, failed, group, play, start, task


def test_a_task_is_added_with_its_group_and_limit() -> None:
    batch, text, _ = asked(begun(["g/a"]), Add(task=task("evals/x", limits=()), parallel=2), 1)
    assert text == "added evals/x"
    assert batch.groups[GroupId("evals")].parallel == 2
    assert batch.specs[TaskId("evals/x")].limits == ("evals",)
    assert batch.specs[TaskId("evals/x")].index == 1
    assert LimitId("evals") in batch.limits
    assert isinstance(batch.tasks[TaskId("evals/x")].phase, Starting)
    assert spec_of(batch).tasks[-1].id == "evals/x"


def test_adding_again_is_no_news_but_another_command_is() -> None:
    batch, _, _ = asked(begun(["g/a"]), Add(task=task("g/b")), 1)
    _, text, refused = asked(batch, Add(task=task("g/b")), 2)
    assert (text, refused) == ("g/b is there already", False)
    _, text, refused = asked(batch, Add(task=task("g/b", run="other")), 2)
    assert refused
    assert "another id" in text


def test_a_new_group_has_the_usual_parallelism() -> None:
    batch, _, _ = asked(begun(["g/a"]), Add(task=task("h/a")), 1)
    assert batch.groups[GroupId("h")].parallel == 4


def test_an_added_task_may_wait_for_others_and_for_its_time() -> None:
    batch, _, _ = asked(begun(["g/a"]), Add(task=task("g/b", needs=("g/a",), not_before=9.0)), 1)
    batch, _, _ = asked(batch, Add(task=task("h/c", needs=("g/b",))), 2)
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch = play(batch, (ended("g/a", 1, 6), 9, [start("g/b")]))
    assert isinstance(batch.tasks[TaskId("h/c")].phase, Waiting)


def test_a_need_that_does_not_exist_is_refused() -> None:
    _, text, refused = asked(begun(["g/alpha"]), Add(task=task("h/a", needs=("g/alpa",))), 1)
    assert refused
    assert "did you mean g/alpha" in text


def test_adding_wakes_a_batch_that_was_done_and_a_group_that_was_given_up() -> None:
    strict = group(parallel=1, breaker=BreakerPolicy(consecutive=1, then="abort"))
    batch = begun(["g/a", "g/b"], [strict])
    batch = play(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5, [EndEngine(why="done")]))
    batch, _, _ = asked(batch, Add(task=task("g/c")), 9)
    assert batch.desk.ended_at is None
    assert batch.groups[GroupId("g")].aborted is None
    assert isinstance(batch.tasks[TaskId("g/c")].phase, Starting)


def test_a_stopping_engine_takes_nothing_in() -> None:
    batch, _, _ = asked(begun(["g/a"]), Stop(mode="drain"), 1)
    _, text, refused = asked(batch, Add(task=task("g/b")), 2)
    assert refused
    assert "stopping" in text


def test_a_command_is_changed_while_the_task_does_not_run() -> None:
    batch = begun(["g/a", "g/b"], [group(parallel=1)])
    batch, text, _ = asked(batch, Edit(task="b", run="better"), 1)
    assert text == "g/b is changed"
    assert batch.specs[TaskId("g/b")].run == "better"
    _, text, refused = asked(batch, Edit(task="g/a", run="better"), 2)
    assert refused
    assert "g/a runs now" in text


def test_editing_finished_work_says_how_to_run_it_again() -> None:
    batch = after(begun(["g/a"]), (ended("g/a", 1, 5), 5))
    batch, text, _ = asked(batch, Edit(task="g/a", run="better"), 6)
    assert text == "g/a is changed; run it again: overnight retry g/a"
    batch, text, _ = asked(batch, Edit(task="g/a", run="better"), 7)
    assert "changed" in text
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 8)
    assert len(batch.live) == 1


def test_editing_needs_one_task() -> None:
    batch = begun(["g/a", "g/b", "h/a"])
    for name in ("g", "a", "x"):
        _, text, refused = asked(batch, Edit(task=name, run="better"), 1)
        assert refused
        assert text


def test_an_added_task_may_need_a_group() -> None:
    batch, _, _ = asked(begun(["g/a"]), Add(task=task("h/b", needs=("g",))), 1)
    play(batch, (ended("g/a", 1, 5), 5, [start("h/b")]))
