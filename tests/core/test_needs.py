"""A task runs after what it needs, and not at all after a need that ended badly."""

from supervisor.core.effects import EndEngine
from supervisor.core.events import Tick
from supervisor.core.intents import Add, Cancel, Retry
from supervisor.core.models import ErrorClass, GroupId, TaskId
from supervisor.core.needs import failed as need_failed
from supervisor.core.needs import unmet, waits_for
from supervisor.core.phase import Aborted, Phase, Starting, Waiting
from supervisor.core.state import Batch
from tests.fakes.night import after, asked, begun, ended, failed, group, play, start, task


def phase(batch: Batch, id_: str) -> Phase:
    return batch.tasks[TaskId(id_)].phase


def test_a_task_starts_when_its_needs_have_succeeded() -> None:
    batch = begun(["g/a", "g/b", task("h/x", needs=("g/a", "g/b"))])
    assert waits_for(batch, TaskId("h/x")) == "needs g/a, g/b"
    batch = play(batch, (ended("g/a", 1, 5), 5, []))
    assert unmet(batch, TaskId("h/x")) == ("g/b",)
    batch = play(batch, (ended("g/b", 1, 6), 6, [start("h/x")]))
    assert unmet(batch, TaskId("h/x")) == ()
    assert waits_for(batch, TaskId("h/x")) is None


def test_a_group_may_be_needed() -> None:
    batch = begun(["g/a", "g/b", task("h/x", needs=("g",))])
    assert unmet(batch, TaskId("h/x")) == ("g",)
    play(batch, (ended("g/a", 1, 5), 5, []), (ended("g/b", 1, 6), 6, [start("h/x")]))


def test_a_need_that_failed_gives_up_what_needs_it_and_so_on() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",)), task("h/y", needs=("h/x",))])
    batch = play(
        batch,
        (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5, [EndEngine(why="done")]),
    )
    assert phase(batch, "h/x") == Aborted(
        attempt=0, ended_at=5, cause="needs g/a, which has not succeeded"
    )
    assert isinstance(phase(batch, "h/y"), Aborted)


def test_a_needed_group_has_failed_only_when_all_of_it_is_over() -> None:
    batch = begun(["g/a", "g/b", task("h/x", needs=("g",))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert isinstance(phase(batch, "h/x"), Waiting)
    batch = after(batch, (ended("g/b", 1, 6), 6))
    assert isinstance(phase(batch, "h/x"), Aborted)


def test_retrying_a_need_takes_back_what_was_given_up_for_it() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",)), task("h/y", needs=("h/x",))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    batch, text, _ = asked(batch, Retry(targets=("g/a",)), 10)
    assert text.startswith("3 tasks")
    assert isinstance(phase(batch, "g/a"), Starting)
    assert isinstance(phase(batch, "h/x"), Waiting)


def test_retrying_only_what_needs_it_gives_it_up_again() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    batch, _, _ = asked(batch, Retry(targets=("h/x",)), 10)
    assert isinstance(phase(batch, "h/x"), Aborted)


def test_running_a_need_again_makes_the_others_wait_again() -> None:
    batch = begun(
        ["g/a", task("h/x", needs=("g/a",)), task("h/y", needs=("g/a",))], [group("h", parallel=1)]
    )
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch, _, _ = asked(batch, Retry(targets=("g/a",)), 6)
    batch = play(batch, (ended("h/x", 1, 7), 7, []), (ended("g/a", 2, 8), 8, [start("h/y")]))


def test_a_group_that_grows_is_needed_whole() -> None:
    batch = begun(["g/a", task("h/x", needs=("g",)), task("h/z")], [group("h", parallel=1)])
    batch = after(batch, (ended("g/a", 1, 5), 5))
    batch, _, _ = asked(batch, Add(task=task("g/b")), 6)
    assert unmet(batch, TaskId("h/x")) == ("g",)


def test_a_need_that_does_not_exist_is_a_need_that_failed() -> None:
    batch = begun([task("h/x", needs=("nobody",)), "h/y"])
    assert isinstance(phase(batch, "h/x"), Aborted)
    assert need_failed(batch, "nobody")
    assert unmet(batch, TaskId("h/x")) == ("nobody",)
    assert not need_failed(batch, "h/y")
    assert not need_failed(batch, "h")


def test_a_cancelled_need_counts_as_failed() -> None:
    batch = begun(["g/a", task("h/x", needs=("g/a",))], [group(parallel=1)])
    batch, _, _ = asked(batch, Cancel(targets=("g/a",)), 5)
    batch = after(batch, (ended("g/a", 1, 6, 143), 6), (Tick(), 7))
    assert isinstance(phase(batch, "h/x"), Aborted)
    assert batch.counts[GroupId("h")]["aborted"] == 1


def test_a_share_of_a_group_may_be_needed() -> None:
    names = [f"g/{letter}" for letter in "abcd"]
    batch = begun([*names, task("h/x", needs=("{group: g, done: 50%}",))])
    batch = after(
        batch,
        (ended("g/a", 1, 5), 5),
        (failed("g/b", 1, 5, ErrorClass.BAD_REQUEST), 5),
    )
    assert waits_for(batch, TaskId("h/x")) == "needs 50% of g (1 of 4 so far)"
    batch = play(batch, (ended("g/c", 1, 6), 6, [start("h/x")]))
    batch, _, _ = asked(batch, Retry(targets=("g/c",)), 7)
    assert unmet(batch, TaskId("h/x")) == ("{group: g, done: 50%}",)


def test_a_share_out_of_reach_gives_up_what_needs_it_when_the_group_is_over() -> None:
    batch = begun(["g/a", "g/b", task("h/x", needs=("{group: g, done: 60%}",))])
    batch = after(batch, (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5))
    assert isinstance(phase(batch, "h/x"), Waiting), "a retry may still help"
    batch = after(batch, (ended("g/b", 1, 6), 6))
    given_up = phase(batch, "h/x")
    assert isinstance(given_up, Aborted)
    assert given_up.cause == "needs 60% of g, which can no longer be"


def test_an_end_of_any_kind_may_be_needed() -> None:
    batch = begun(
        [
            "g/a",
            "g/b",
            task("h/x", needs=("{group: g, when: ended}",)),
            task("h/y", needs=("{task: g/a, when: ended}",)),
        ]
    )
    assert waits_for(batch, TaskId("h/x")) == "needs the end of g"
    batch = play(
        batch,
        (failed("g/a", 1, 5, ErrorClass.BAD_REQUEST), 5, [start("h/y")]),
        (failed("g/b", 1, 6, ErrorClass.BAD_REQUEST), 6, [start("h/x", slot=2)]),
    )
    assert not need_failed(batch, "{task: g/a, when: ended}")


def test_a_task_may_be_added_that_needs_a_share() -> None:
    batch = begun(["g/a", "g/b"])
    batch, _, _ = asked(batch, Add(task=task("h/x", needs=("{group: g, done: 50%}",))), 1)
    batch, _, _ = asked(batch, Add(task=task("h/y", needs=("{group: g, done: 50%}",))), 1)
    batch = play(
        batch,
        (ended("g/a", 1, 5), 5, [start("h/x"), start("h/y", slot=2)]),
    )
